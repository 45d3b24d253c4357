namespace Tandem.Workspace.Import;

/// <summary>Guesses, where tandem.yaml says nothing about it, which of a file's columns a field comes from: by their
/// names, and for times by what they hold. Of two that are as likely neither is taken.</summary>
internal static class ColumnGuess
{
    private static readonly Dictionary<string, string[]> OtherNames = new(StringComparer.Ordinal)
    {
        ["user"] = ["customer", "visitor", "member", "viewer", "reader", "listener", "reviewer", "account", "uid"],
        ["item"] =
        [
            "product", "article", "movie", "video", "track", "song", "book", "show", "listing", "business", "sku",
            "asin", "iid",
        ],
        ["time"] =
        [
            "timestamp", "ts", "date", "datetime", "at", "when", "createdat", "eventtime", "eventtimestamp", "unixtime",
            "reviewtime",
        ],
    };

    /// <summary>Finds the column of a field.</summary>
    /// <param name="field">An entity, a column, or <c>time</c>.</param>
    /// <param name="isColumn">True for a declared column: only its own name counts, since rows need not have
    /// it.</param>
    /// <param name="names">The file's columns.</param>
    /// <param name="taken">Places of columns that are given away.</param>
    /// <param name="holdsMoments">Whether the column at a place holds moments; asked for <c>time</c> alone.</param>
    /// <returns>The column's place, or -1.</returns>
    public static int Find(
        string field, bool isColumn, IReadOnlyList<string> names, HashSet<int> taken, Predicate<int> holdsMoments)
    {
        string plain = Plain(field);
        int[] free = [.. Enumerable.Range(0, names.Count).Where(place => !taken.Contains(place))];
        if (isColumn)
        {
            return Only(free, place => Plain(names[place]) == plain) ?? -1;
        }

        string[] others = OtherNames.GetValueOrDefault(field, []);
        return Only(free, place => Plain(names[place]) == plain)
            ?? Only(free, place => WithoutId(Plain(names[place])) == plain)
            ?? Only(free, place => others.Contains(WithoutId(Plain(names[place])), StringComparer.Ordinal))
            ?? (field == RowFields.Time ? Only(free, holdsMoments) : null)
            ?? -1;
    }

    private static int? Only(int[] free, Predicate<int> fits)
    {
        int[] found = Array.FindAll(free, fits);
        return found.Length switch
        {
            0 => null,
            1 => found[0],
            _ => -1,
        };
    }

    // 'User-ID' is userid.
    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static string WithoutId(string plain) =>
        plain.Length > 2 && plain.EndsWith("id", StringComparison.Ordinal) ? plain[..^2] : plain;
}
