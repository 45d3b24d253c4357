namespace Tandem.Monitoring.Concept;

/// <summary>Settings of <see cref="Adwin"/>.</summary>
public sealed record AdwinOptions
{
    /// <summary>Confidence: how improbable a difference between two parts of the window must be, in (0, 1).</summary>
    public double Delta
    {
        get;
        init => field = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Delta is between 0 and 1.");
    } = 0.002;

    /// <summary>Values between two looks for a cut, at least 1.</summary>
    public int Clock
    {
        get;
        init => field = value is >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Clock is at least 1.");
    } = 32;

    /// <summary>Buckets of one size before the two oldest become one, at least 1.</summary>
    public int MaxBuckets
    {
        get;
        init => field = value is >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxBuckets is at least 1.");
    } = 5;

    /// <summary>Fewest values on either side of a cut, at least 1.</summary>
    public int MinWindowLength
    {
        get;
        init => field = value is >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MinWindowLength is at least 1.");
    } = 5;

    /// <summary>Values before the first look for a cut, at least 0.</summary>
    public int GracePeriod
    {
        get;
        init => field = value is >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "GracePeriod is at least 0.");
    } = 10;
}
