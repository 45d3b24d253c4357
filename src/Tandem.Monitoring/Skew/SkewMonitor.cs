namespace Tandem.Monitoring.Skew;

/// <summary>Compares the feature values that answers used with the same values computed again from the lake.</summary>
/// <remarks>The target is not a small number but none: both sides are one definition. Values are compared as they are, with no tolerance;
/// null equals null. Thread safe; deterministic.</remarks>
public sealed class SkewMonitor
{
    private readonly TimeProvider _clock;

    /// <summary>Makes a monitor.</summary>
    /// <param name="clock">Gives the time of reports.</param>
    public SkewMonitor(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
    }

    /// <summary>Compares rows.</summary>
    /// <param name="where">Name of the system.</param>
    /// <param name="from">Start of the window that the rows are of, inclusive.</param>
    /// <param name="to">Its end, exclusive.</param>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ArgumentException">The rows have other shapes than their features and events say.</exception>
    public SkewReport Compare(string where, DateTimeOffset from, DateTimeOffset to, ServedRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int width = rows.Features.Count;
        if (rows.Served.Length != rows.Events.Count * width || rows.Rebuilt.Length != rows.Served.Length)
        {
            throw new ArgumentException("There must be one served and one rebuilt value a row and feature.", nameof(rows));
        }

        FeatureSkew[] features = [.. Enumerable.Range(0, width).Select(feature => Compare(rows, feature))];
        return new SkewReport
        {
            Time = _clock.GetUtcNow(),
            Where = where,
            From = from,
            To = to,
            Share = rows.Share,
            Keys = rows.Keys,
            Rows = rows.Events.Count,
            LeftOut = rows.LeftOut,
            Features = features,
        };
    }

    private static FeatureSkew Compare(ServedRows rows, int feature)
    {
        long mismatched = 0;
        long missing = 0;
        long extra = 0;
        long both = 0;
        double apart = 0;
        double difference = 0;
        double size = 0;
        double largest = 0;
        SkewRow? first = null;
        for (int row = 0; row < rows.Events.Count; row++)
        {
            float served = rows.Served[(row * rows.Features.Count) + feature];
            float rebuilt = rows.Rebuilt[(row * rows.Features.Count) + feature];
            if (!float.IsNaN(served) && !float.IsNaN(rebuilt))
            {
                both++;
                apart += Math.Abs((double)served - rebuilt);
                difference += (double)served - rebuilt;
                size += Math.Abs((double)served) + Math.Abs((double)rebuilt);
                largest = Math.Max(largest, Math.Abs((double)served - rebuilt));
            }

            if (served.Equals(rebuilt) || (float.IsNaN(served) && float.IsNaN(rebuilt)))
            {
                continue;
            }

            mismatched++;
            missing += float.IsNaN(served) ? 1 : 0;
            extra += float.IsNaN(rebuilt) ? 1 : 0;
            first ??= new SkewRow(rows.Events[row], rows.About[row], rows.Times[row], OrNull(served), OrNull(rebuilt));
        }

        return new FeatureSkew
        {
            Name = rows.Features[feature],
            Rows = rows.Events.Count,
            Mismatched = mismatched,
            Missing = missing,
            Extra = extra,
            Smape = both == 0 ? null : size == 0 ? 0 : apart / size,
            MeanDifference = both == 0 ? null : difference / both,
            LargestDifference = both == 0 ? null : largest,
            First = first,
        };
    }

    private static float? OrNull(float value) => float.IsNaN(value) ? null : value;
}
