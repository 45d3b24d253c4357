using Tandem.Numerics.Statistics;
using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>A number, drawn in at its ends, perhaps as its signed logarithm sign(x)·ln(1 + |x| / unit), then moved and scaled
/// to mean 0 and deviation 1. A missing one is the mean, and may say so in a column of its own.</summary>
/// <remarks>The unit is 1, or the median magnitude where that is smaller: rates and scores far below 1 would not bend
/// otherwise.</remarks>
internal sealed class NumberEncoder(EncoderState state) : FeatureEncoder(state)
{
    private const double Skewed = 1;

    private readonly bool _log = state.Log;
    private readonly double _unit = state.Unit ?? 1;
    private readonly double _low = state.Low ?? double.NegativeInfinity;
    private readonly double _high = state.High ?? double.PositiveInfinity;
    private readonly double _mean = state.Mean;
    private readonly double _deviation = state.Deviation;

    public override int DenseCount { get; } = state.Missing ? 2 : 1;

    /// <summary>Fits on values that may be NaN.</summary>
    public static NumberEncoder Fit(string feature, EncoderSpec spec, ReadOnlySpan<float> values)
    {
        float[] sorted = [.. values];
        sorted = [.. sorted.Where(float.IsFinite).Order()];
        bool isClipped = spec.Clip > 0 && sorted.Length > 0;
        double? low = isClipped ? SortedQuantile.Of(sorted, spec.Clip) : null;
        double? high = isClipped ? SortedQuantile.Of(sorted, 1 - spec.Clip) : null;
        double[] plain = [.. sorted.Select(value => Drawn(value, low, high))];
        double unit = UnitOf(plain);
        double[] logged = [.. plain.Select(value => SignedLog(value, unit))];
        double skew = Math.Abs(Skewness(plain));
        bool log = spec.Log ?? (skew > Skewed && Math.Abs(Skewness(logged)) < skew);
        (double mean, double deviation) = MeanAndDeviation(log ? logged : plain);
        return new NumberEncoder(new EncoderState
        {
            Feature = feature,
            Kind = spec.Kind,
            Log = log,
            Unit = log && unit < 1 ? unit : null,
            Low = low,
            High = high,
            Mean = mean,
            Deviation = deviation > 0 ? deviation : 1,
            Missing = spec.Missing,
        });
    }

    public override void Encode(float value, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        bool isMissing = !float.IsFinite(value);
        double drawn = Math.Clamp(value, _low, _high);
        dense[0] = isMissing ? 0 : (float)(((_log ? SignedLog(drawn, _unit) : drawn) - _mean) / _deviation);
        if (dense.Length > 1)
        {
            dense[1] = isMissing ? 1 : 0;
        }
    }

    /// <summary>Mean, and deviation divided by the number of values; both 0 where there is none.</summary>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        (double mean, double square, _) = Moments(values);
        return (mean, Math.Sqrt(square));
    }

    private static double Drawn(float value, double? low, double? high) =>
        Math.Clamp(value, low ?? double.NegativeInfinity, high ?? double.PositiveInfinity);

    private static double SignedLog(double value, double unit) =>
        Math.CopySign(Math.Log(1 + (Math.Abs(value) / unit)), value);

    /// <summary>1, or the median magnitude of what is not zero where that is smaller.</summary>
    private static double UnitOf(double[] values)
    {
        float[] sizes = [.. values.Where(static value => value != 0).Select(static value => (float)Math.Abs(value)).Order()];
        double median = sizes.Length == 0 ? 1 : SortedQuantile.Of(sizes, 0.5);
        return median is > 0 and < 1 ? median : 1;
    }

    private static double Skewness(ReadOnlySpan<double> values)
    {
        (_, double square, double cube) = Moments(values);
        return square > 0 ? cube / Math.Pow(square, 1.5) : 0;
    }

    private static (double Mean, double Square, double Cube) Moments(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return default;
        }

        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        double square = 0;
        double cube = 0;
        foreach (double value in values)
        {
            double away = value - mean;
            square += away * away;
            cube += away * away * away;
        }

        return (mean, square / values.Length, cube / values.Length);
    }
}
