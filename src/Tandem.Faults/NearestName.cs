namespace Tandem.Faults;

/// <summary>Finds the name that was probably meant, for <see cref="Fault.Nearest"/>.</summary>
public static class NearestName
{
    /// <summary>The nearest of some names by edit distance (insert, remove, replace, swap neighbours), without regard
    /// to case, hyphens and underscores.</summary>
    /// <param name="given">The name that is not known.</param>
    /// <param name="names">The names that are; of equally near ones the first is taken.</param>
    /// <returns>One of the names, or null where each needs more edits than a third of the given name's letters, at
    /// least 1.</returns>
    public static string? Find(string given, IReadOnlyList<string> names)
    {
        string plain = Plain(given);
        string? best = null;
        int bestDistance = Math.Max(1, plain.Length / 3) + 1;
        foreach (string name in names)
        {
            int distance = Distance(plain, Plain(name), bestDistance);
            if (distance < bestDistance)
            {
                best = name;
                bestDistance = distance;
            }
        }

        return best;
    }

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Optimal string alignment over three rows; at least <paramref name="limit"/> where lengths differ by
    /// it.</summary>
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit)
        {
            return limit;
        }

        int[] older = new int[b.Length + 1];
        int[] old = new int[b.Length + 1];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            old[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(old[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], older[j - 2] + 1);
                }
            }

            (older, old, row) = (old, row, older);
        }

        return old[b.Length];
    }
}
