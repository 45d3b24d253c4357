using System.Globalization;
using Tandem.Monitoring.Alerts;

namespace Tandem.Monitoring.Skew;

/// <summary>Features as served against the same features computed again: the proof that both loops share one
/// definition.</summary>
public sealed record SkewReport
{
    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Name of the system.</summary>
    public required string Where { get; init; }

    /// <summary>Start of the window that the answers are of, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of that window, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Share of all keys that was sampled, in (0, 1].</summary>
    public required double Share { get; init; }

    /// <summary>Keys sampled; each with all of its rows.</summary>
    public required int Keys { get; init; }

    /// <summary>Rows compared.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that cannot be compared: logged under other definitions, or without the place in the log that they
    /// had seen.</summary>
    public required long LeftOut { get; init; }

    /// <summary>One entry a feature, in the order of the set.</summary>
    public required IReadOnlyList<FeatureSkew> Features { get; init; }

    /// <summary>Values compared.</summary>
    public long Values => Features.Sum(static feature => feature.Rows);

    /// <summary>Values that differ; the target is 0.</summary>
    public long Mismatched => Features.Sum(static feature => feature.Mismatched);

    /// <summary>What was found, in a sentence.</summary>
    public string Words
    {
        get
        {
            string rows = string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} answers");
            if (Rows == 0)
            {
                return "no answers to compare";
            }

            if (Mismatched == 0)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"0 of {Values:N0} values of {rows} differ from training's");
            }

            FeatureSkew first = Features.First(static feature => feature.Mismatched > 0);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Mismatched:N0} of {Values:N0} values of {rows} differ from training's; first {first.Name} of " +
                $"{first.First!.About}: served {Text(first.First.Served)}, rebuilt {Text(first.First.Rebuilt)}");
        }
    }

    /// <summary>The alarm that this report is a reason for, or null where nothing differs.</summary>
    /// <remarks>Its key names the system, the features and the day of the window: the same skew alerts once a day.</remarks>
    public Alert? ToAlert()
    {
        if (Mismatched == 0)
        {
            return null;
        }

        string[] names =
        [
            .. Features.Where(static feature => feature.Mismatched > 0).Select(static feature => feature.Name),
        ];
        return new Alert
        {
            Kind = AlertKind.Skew,
            Severity = AlertSeverity.Critical,
            What = $"Serving and training disagree: {Words}.",
            Where = Where,
            Time = Time,
            Key = $"skew:{Where}:{string.Join(',', names)}:{From.UtcDateTime:yyyy-MM-dd}",
            Evidence = new AlertEvidence
            {
                Measure = "share of values that differ",
                Effect = (double)Mismatched / Values,
                Rows = Rows,
                Features = names,
            },
        };
    }

    private static string Text(float? value) =>
        value is { } number ? number.ToString("R", CultureInfo.InvariantCulture) : "null";
}
