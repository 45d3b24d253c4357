namespace Tandem.Events;

/// <summary>A place in the raw log: the byte offset from the log's very beginning, growing without end.</summary>
/// <param name="Offset">Bytes before this place, at least 0. Offsets of records are not contiguous numbers: only their
/// order means something.</param>
public readonly record struct JournalPosition(long Offset) : IComparable<JournalPosition>
{
    /// <summary>The beginning of the log.</summary>
    public static JournalPosition Start => default;

    /// <inheritdoc />
    public int CompareTo(JournalPosition other) => Offset.CompareTo(other.Offset);

    /// <summary>The offset as invariant digits.</summary>
    public override string ToString() => Offset.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
