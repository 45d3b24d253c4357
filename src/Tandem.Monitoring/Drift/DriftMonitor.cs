using Tandem.Numerics.Statistics;

namespace Tandem.Monitoring.Drift;

/// <summary>Compares features as they are now with features as they were in the training set.</summary>
/// <remarks>A feature has drifted where a change is large enough to matter (population stability index,
/// Kolmogorov–Smirnov distance or share of missing values) <em>and</em> beyond chance (p after Benjamini and Hochberg's
/// correction over all tests of the report) <em>and</em> seen on enough rows. Each alone is a false alarm waiting:
/// small samples move any index, large ones make any nothing significant. Thread safe; deterministic.</remarks>
public sealed class DriftMonitor
{
    private readonly DriftOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>Makes a monitor.</summary>
    /// <param name="options">What counts as drift.</param>
    /// <param name="clock">Gives the time of reports.</param>
    public DriftMonitor(DriftOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        _options = options;
        _clock = clock;
    }

    /// <summary>Compares columns with their profiles.</summary>
    /// <param name="where">What is compared: the name of the model.</param>
    /// <param name="reference">Version of the model whose training set the profiles describe.</param>
    /// <param name="profiles">Features as they were, names unique.</param>
    /// <param name="columns">Features as they are, names unique; those without a profile are left out, profiles without
    /// a column have insufficient data.</param>
    /// <remarks>O(rows log rows) for each feature; copies each column once.</remarks>
    public DriftReport Compare(
        string where,
        string reference,
        IReadOnlyList<FeatureProfile> profiles,
        IReadOnlyList<FeatureColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(columns);
        var byName = columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        List<FeatureComparison> comparisons = [];
        foreach (FeatureProfile profile in profiles)
        {
            ReadOnlyMemory<float> values =
                byName.TryGetValue(profile.Name, out FeatureColumn? column) ? column.Values : default;
            comparisons.Add(FeatureComparison.Of(profile, values.Span, _options.MinimumRows));
        }

        Correct(comparisons);
        FeatureDrift[] features = [.. comparisons.Select(comparison => comparison.Judge(_options))];
        DriftVerdict verdict = Verdict(features);
        return new DriftReport
        {
            Time = _clock.GetUtcNow(),
            Where = where,
            Reference = reference,
            Rows = features.Length == 0 ? 0 : features.Max(feature => feature.CurrentRows),
            Verdict = verdict,
            Words = DriftWords.Of(verdict, where, reference, features),
            Options = _options,
            Features = features,
        };
    }

    /// <summary>Replaces each p-value by the one that allows for all tests made together.</summary>
    private static void Correct(List<FeatureComparison> comparisons)
    {
        double[] raw =
        [
            .. comparisons.Where(comparison => comparison.P is not null).Select(comparison => comparison.P!.Value),
            .. comparisons.Where(comparison => comparison.NullP is not null)
                .Select(comparison => comparison.NullP!.Value),
        ];
        double[] corrected = new double[raw.Length];
        FalseDiscovery.Adjust(raw, corrected);
        int at = 0;
        foreach (FeatureComparison comparison in comparisons.Where(comparison => comparison.P is not null))
        {
            comparison.P = corrected[at++];
        }

        foreach (FeatureComparison comparison in comparisons.Where(comparison => comparison.NullP is not null))
        {
            comparison.NullP = corrected[at++];
        }
    }

    private static DriftVerdict Verdict(FeatureDrift[] features)
    {
        if (features.Any(feature => feature.Verdict == DriftVerdict.Drifted))
        {
            return DriftVerdict.Drifted;
        }

        return features.Any(feature => feature.Verdict == DriftVerdict.Steady)
            ? DriftVerdict.Steady
            : DriftVerdict.InsufficientData;
    }
}
