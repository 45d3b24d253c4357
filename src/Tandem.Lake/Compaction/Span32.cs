namespace Tandem.Lake.Compaction;

/// <summary>A place in a block.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes; -1 for nothing, not even an empty text.</param>
internal readonly record struct Span32(int Start, int Length)
{
    /// <summary>No place.</summary>
    public static Span32 None { get; } = new(0, -1);

    /// <summary>True where there is one.</summary>
    public bool IsPresent => Length >= 0;
}
