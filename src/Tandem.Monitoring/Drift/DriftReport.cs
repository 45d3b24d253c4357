using Tandem.Monitoring.Alerts;

namespace Tandem.Monitoring.Drift;

/// <summary>Features now against features in the training set.</summary>
public sealed record DriftReport
{
    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What was compared: the name of the model.</summary>
    public required string Where { get; init; }

    /// <summary>Version of the model whose training set is the reference.</summary>
    public required string Reference { get; init; }

    /// <summary>Most rows that any feature had now.</summary>
    public required long Rows { get; init; }

    /// <summary>Drifted where any feature is; insufficient where all are; else steady.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Words { get; init; }

    /// <summary>Settings it was made with.</summary>
    public required DriftOptions Options { get; init; }

    /// <summary>One entry a feature, in the reference's order.</summary>
    public required IReadOnlyList<FeatureDrift> Features { get; init; }

    /// <summary>The alarm that this report is a reason for, or null where it is none.</summary>
    /// <remarks>Its key names the model, the version, the drifted features and the day: the same drift alerts once a
    /// day.</remarks>
    public Alert? ToAlert()
    {
        if (Verdict != DriftVerdict.Drifted)
        {
            return null;
        }

        List<FeatureDrift> drifted = [.. Features.Where(feature => feature.Verdict == DriftVerdict.Drifted)];
        FeatureDrift worst = drifted.MaxBy(feature => feature.Ks ?? 0)!;
        string names = string.Join(',', drifted.Select(feature => feature.Name).Order(StringComparer.Ordinal));
        return new Alert
        {
            Kind = AlertKind.DataDrift,
            Severity = AlertSeverity.Warning,
            What = Words,
            Where = Where,
            Time = Time,
            Key = $"data-drift:{Where}:{Reference}:{names}:{Time.UtcDateTime:yyyy-MM-dd}",
            Evidence = new AlertEvidence
            {
                Measure = "largest Kolmogorov–Smirnov distance",
                Effect = worst.Ks ?? 0,
                P = worst.P,
                Rows = Rows,
                Reference = Reference,
                Features = [.. drifted.Select(feature => feature.Name)],
            },
        };
    }
}
