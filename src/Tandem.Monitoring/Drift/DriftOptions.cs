namespace Tandem.Monitoring.Drift;

/// <summary>What counts as drift: an effect of some size, beyond chance, on enough rows.</summary>
public sealed record DriftOptions
{
    /// <summary>Smallest population stability index that counts, above 0.</summary>
    public double MinimumPsi
    {
        get;
        init => field = value is > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MinimumPsi is above 0.");
    } = 0.1;

    /// <summary>Smallest Kolmogorov–Smirnov distance that counts, in (0, 1].</summary>
    public double MinimumKs
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MinimumKs is above 0, at most 1.");
    } = 0.1;

    /// <summary>Smallest change of the share of missing values that counts, in (0, 1].</summary>
    public double MinimumNullChange
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MinimumNullChange is above 0, at most 1.");
    } = 0.05;

    /// <summary>Significance after correction over all tests of a report, in (0, 1).</summary>
    public double Alpha
    {
        get;
        init => field = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Alpha is between 0 and 1.");
    } = 0.01;

    /// <summary>Rows, on either side, below which the answer is <em>insufficient data</em>; at least 1.</summary>
    public int MinimumRows
    {
        get;
        init => field = value is >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MinimumRows is at least 1.");
    } = 500;
}
