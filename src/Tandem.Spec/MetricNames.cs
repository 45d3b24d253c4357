using System.Globalization;

namespace Tandem.Spec;

/// <summary>Finds metrics by the names that designs write.</summary>
internal static class MetricNames
{
    /// <summary>The usual metrics of tasks that may have no engine yet: a design may name them before it
    /// runs.</summary>
    private static readonly KnownMetric[] Usual =
    [
        new("pr_auc", "Area under precision against recall.", false, MetricFamily.Classification),
        new("roc_auc", "Probability that a positive scores above a negative.", false, MetricFamily.Classification),
        new("log_loss", "Mean negative log probability of what happened.", false, MetricFamily.Classification),
        new("normalised_entropy", "Log loss over that of the base rate.", false, MetricFamily.Classification),
        new("brier", "Mean squared error of probabilities.", false, MetricFamily.Classification),
        new("ece", "Expected calibration error.", false, MetricFamily.Classification),
        new("accuracy", "Share of right answers.", false, MetricFamily.Classification),
        new("precision", "Share of predicted positives that are.", false, MetricFamily.Classification),
        new("recall", "Share of positives that are predicted.", false, MetricFamily.Classification),
        new("f1", "Harmonic mean of precision and recall.", false, MetricFamily.Classification),
        new("mae", "Mean absolute error.", false, MetricFamily.Regression),
        new("rmse", "Root of the mean squared error.", false, MetricFamily.Regression),
        new("mape", "Mean absolute error relative to the truth.", false, MetricFamily.Regression),
        new("r2", "Share of variance explained.", false, MetricFamily.Regression),
        new("pinball_loss", "Mean loss of quantiles.", false, MetricFamily.Regression),
        new("qini", "Area between the uplift curve and chance.", false, MetricFamily.Uplift),
    ];

    /// <summary>All metrics: those handed in, then the usual ones they do not name.</summary>
    public static IReadOnlyList<KnownMetric> All(SpecVocabulary vocabulary) =>
    [
        .. vocabulary.Metrics,
        .. Usual.Where(usual => !vocabulary.Metrics.Any(
            metric => metric.Name == usual.Name && metric.TakesCutoff == usual.TakesCutoff)),
    ];

    /// <summary>The metric that a name means, or null.</summary>
    public static KnownMetric? Find(string name, SpecVocabulary vocabulary)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        string plain = at < 0 ? name : name[..at];
        bool isCutoff = at < 0 || (name.Length - at is > 1 and <= 5 && name[at + 1] is >= '1' and <= '9'
            && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return isCutoff
            ? All(vocabulary).FirstOrDefault(metric => metric.Name == plain && metric.TakesCutoff == at >= 0)
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
        return [.. All(vocabulary).Select(metric => metric.TakesCutoff ? metric.Name + suffix : metric.Name)];
    }
}
