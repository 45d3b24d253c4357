namespace Tandem.Lake.Compaction;

/// <summary>Smallest and largest of some texts, in the order of their bytes.</summary>
internal sealed class TextRange
{
    private byte[] _first = [];
    private byte[] _last = [];
    private int _firstLength = -1;
    private int _lastLength = -1;

    /// <summary>True while no text was added.</summary>
    public bool IsEmpty => _firstLength < 0;

    /// <summary>The smallest.</summary>
    public ReadOnlySpan<byte> First => _first.AsSpan(0, Math.Max(_firstLength, 0));

    /// <summary>The largest.</summary>
    public ReadOnlySpan<byte> Last => _last.AsSpan(0, Math.Max(_lastLength, 0));

    /// <summary>Takes a text into the range.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (IsEmpty || text.SequenceCompareTo(First) < 0)
        {
            Keep(text, ref _first, ref _firstLength);
        }

        if (_lastLength < 0 || text.SequenceCompareTo(Last) > 0)
        {
            Keep(text, ref _last, ref _lastLength);
        }
    }

    /// <summary>Takes all of another range.</summary>
    public void Add(TextRange other)
    {
        if (!other.IsEmpty)
        {
            Add(other.First);
            Add(other.Last);
        }
    }

    private static void Keep(ReadOnlySpan<byte> text, ref byte[] kept, ref int length)
    {
        if (text.Length > kept.Length)
        {
            kept = new byte[text.Length * 2];
        }

        text.CopyTo(kept);
        length = text.Length;
    }
}
