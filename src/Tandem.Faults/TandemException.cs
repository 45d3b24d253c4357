namespace Tandem.Faults;

/// <summary>The world is wrong: input, disk, data, configuration or a peer. Carries one or more
/// <see cref="Fault"/>s.</summary>
public class TandemException : Exception
{
    /// <summary>Reports one fault.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="inner">The exception that revealed it, or null.</param>
    public TandemException(Fault fault, Exception? inner = null)
        : this([fault], inner)
    {
    }

    /// <summary>Reports several faults found together.</summary>
    /// <param name="faults">What went wrong, at least one.</param>
    /// <param name="inner">The exception that revealed it, or null.</param>
    public TandemException(IReadOnlyList<Fault> faults, Exception? inner = null)
        : base(Describe(faults), inner)
    {
        Faults = faults;
    }

    /// <summary>Everything that went wrong, in the order it was found; never empty.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>The first fault.</summary>
    public Fault Fault => Faults[0];

    private static string Describe(IReadOnlyList<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        ArgumentOutOfRangeException.ThrowIfZero(faults.Count, nameof(faults));
        return string.Join(Environment.NewLine, faults);
    }
}
