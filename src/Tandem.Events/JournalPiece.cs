namespace Tandem.Events;

/// <summary>Some whole lines of the log, as they travel to a broker.</summary>
/// <param name="Start">Position of the first byte.</param>
/// <param name="Bytes">The lines.</param>
internal sealed record JournalPiece(long Start, byte[] Bytes)
{
    private const int MaxLines = 100;
    private const int MaxBytes = 256 * 1024;

    /// <summary>Position behind the last byte.</summary>
    public long End => Start + Bytes.Length;

    /// <summary>Cuts lines into pieces of about 100 lines, or 256 KiB where that is less.</summary>
    /// <param name="start">Position of the first line.</param>
    /// <param name="ranges">The lines, one behind the other; each range is whole lines.</param>
    public static List<JournalPiece> Cut(long start, IReadOnlyList<ReadOnlyMemory<byte>> ranges)
    {
        List<JournalPiece> pieces = [];
        LineBuffer piece = new();
        int lines = 0;
        foreach (ReadOnlyMemory<byte> range in ranges)
        {
            for (ReadOnlySpan<byte> rest = range.Span; !rest.IsEmpty;)
            {
                int length = rest.IndexOf((byte)'\n') + 1;
                rest[..length].CopyTo(piece.GetSpan(length));
                piece.Advance(length);
                rest = rest[length..];
                if (++lines == MaxLines || piece.Count >= MaxBytes)
                {
                    Take();
                }
            }
        }

        if (lines > 0)
        {
            Take();
        }

        return pieces;

        void Take()
        {
            pieces.Add(new JournalPiece(start, piece.Written.ToArray()));
            start += piece.Count;
            piece.CutTo(0);
            lines = 0;
        }
    }
}
