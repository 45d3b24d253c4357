using Tandem.Faults;

namespace Tandem.Learning;

/// <summary>Rows of which some were treated, such as shown an offer, at random.</summary>
/// <param name="Rows">The rows; their labels, 1 or 0 or numbers, are what came of it.</param>
/// <param name="IsTreated">True for the treated, as long.</param>
public sealed record TreatedRows(LabelledRows Rows, bool[] IsTreated)
{
    /// <summary>True for the treated, as long.</summary>
    public bool[] IsTreated { get; } = IsTreated.Length == Rows.Count
        ? IsTreated
        : throw new ArgumentException($"{IsTreated.Length} rows are treated or not, of {Rows.Count}.", nameof(IsTreated));

    /// <summary>Share of the treated.</summary>
    public double TreatedShare => IsTreated.Count(static each => each) / (double)IsTreated.Length;

    /// <summary>Throws unless both arms have rows.</summary>
    /// <exception cref="TandemException">LRN072: one has none.</exception>
    internal void ThrowUnlessBothArms()
    {
        if (!IsTreated.Contains(true) || !IsTreated.Contains(false))
        {
            throw new TandemException(LearningErrors.OneArm());
        }
    }

    /// <summary>The rows of one arm.</summary>
    internal LabelledRows Arm(bool isTreated) =>
        Rows.Take([.. Enumerable.Range(0, Rows.Count).Where(row => IsTreated[row] == isTreated)]);
}
