using System.Globalization;

namespace Tandem.Registry;

/// <summary>The rules for names of models, aliases and artifacts.</summary>
internal static class ModelNames
{
    private const int Longest = 200;

    public static void CheckDraft(ModelDraft draft)
    {
        CheckModel(draft.Model);
        ArgumentException.ThrowIfNullOrEmpty(draft.Kind, nameof(draft));
        if (draft.Artifacts.Count == 0)
        {
            throw new ArgumentException("A model version needs at least one artifact.", nameof(draft));
        }

        foreach (string artifact in draft.Artifacts.Keys)
        {
            CheckFileName("Artifact", artifact);
        }
    }

    public static void CheckModel(string model) => CheckFileName("Model", model);

    public static void CheckAlias(string alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        if (!Fits(alias) || !alias.All(c => IsWord(c) || c == '-'))
        {
            throw RegistryErrors.BadName(
                "Alias", alias, $"ASCII letters, digits, '_' and '-', 1 to {Longest} characters");
        }

        if (IsLatest(alias) || AsVersion(alias) is not null)
        {
            throw RegistryErrors.ReservedAlias(alias);
        }
    }

    public static bool IsLatest(string reference) => reference.Equals("latest", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number in <c>3</c> or <c>v3</c>, or null.</summary>
    public static int? AsVersion(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ReadOnlySpan<char> digits = reference;
        if (digits is ['v' or 'V', ..])
        {
            digits = digits[1..];
        }

        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        bool fits = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return fits ? number : throw RegistryErrors.BadName("Version", reference, "a whole number below 2 147 483 648");
    }

    private static void CheckFileName(string what, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Fits(name) || !name.All(c => IsWord(c) || c is '-' or '.') || name[0] is '-' or '.' || name[^1] == '.')
        {
            string expected =
                $"ASCII letters, digits, '_', '-' and '.', not first '-' or '.', not last '.', 1 to {Longest} " +
                $"characters";
            throw RegistryErrors.BadName(what, name, expected);
        }
    }

    private static bool Fits(string name) => name.Length is > 0 and <= Longest;

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
