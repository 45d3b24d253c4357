namespace Tandem.Monitoring.Concept;

/// <summary>Settings of <see cref="ConceptMonitor"/>.</summary>
public sealed record ConceptOptions
{
    /// <summary>A chosen item is an error where the model had not ranked it among this many, at least 1.</summary>
    public int TopPositions
    {
        get;
        init => field = value is >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "TopPositions is at least 1.");
    } = 3;

    /// <summary>Confidence of the detector, in (0, 1).</summary>
    public double Delta
    {
        get;
        init => field = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Delta is between 0 and 1.");
    } = 0.002;

    /// <summary>Smallest rise of the error rate that alarms, in [0, 1], default 0.05: a model that ages errs a little more
    /// by the day, and that is no change of concept. Smaller rises add up until they reach it.</summary>
    public double MinimumRise
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MinimumRise is 0 to 1.");
    } = 0.05;
}
