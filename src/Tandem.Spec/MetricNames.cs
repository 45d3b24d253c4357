using System.Globalization;

namespace Tandem.Spec;

/// <summary>Finds metrics by the names that designs write.</summary>
internal static class MetricNames
{
    /// <summary>The metric that a name means, or null.</summary>
    public static KnownMetric? Find(string name, SpecVocabulary vocabulary)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        string plain = at < 0 ? name : name[..at];
        bool isCutoff = at < 0 || (name.Length - at is > 1 and <= 5 && name[at + 1] is >= '1' and <= '9'
            && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return isCutoff
            ? vocabulary.Metrics.FirstOrDefault(metric => metric.Name == plain && metric.TakesCutoff == at >= 0)
            : null;
    }

    /// <summary>All names, with the cut-off of a wrong one where that is a number, so that the nearest can be
    /// offered.</summary>
    public static IReadOnlyList<string> Examples(string wrong, SpecVocabulary vocabulary)
    {
        int at = wrong.IndexOf('@', StringComparison.Ordinal);
        bool hasCutoff = int.TryParse(
            wrong.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int cutoff)
                && cutoff is > 0 and < 10_000;
        string suffix = string.Create(CultureInfo.InvariantCulture, $"@{(at >= 0 && hasCutoff ? cutoff : 20)}");
        return [.. vocabulary.Metrics.Select(metric => metric.TakesCutoff ? metric.Name + suffix : metric.Name)];
    }
}
