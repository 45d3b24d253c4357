using System.Text;

namespace Tandem.Events;

/// <summary>Lines that stand where events were taken out of the log: <c>{"gap":"damaged"   ,"~":"…"}</c>, as long as
/// what they replace, so that every position behind them stays what it was. Readers pass over them.</summary>
public static class JournalGap
{
    /// <summary>Fewest bytes that a gap can fill.</summary>
    public const int MinBytes = 64;

    private const int MaxReasonLength = 20;
    private const int PieceBytes = EventLimits.MaxLineBytes / 2;

    private static ReadOnlySpan<byte> Key => "{\"gap\":\""u8;

    /// <summary>True where a line is a gap.</summary>
    /// <param name="line">A whole line.</param>
    public static bool IsGap(ReadOnlySpan<byte> line) => line.StartsWith(Key);

    /// <summary>Fills bytes of a segment, which are whole lines, with gaps.</summary>
    /// <param name="bytes">The bytes, at least <see cref="MinBytes"/>.</param>
    /// <param name="reason">Why the events are gone: one word of 1 to 20 small letters.</param>
    public static void Fill(Span<byte> bytes, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, MaxReasonLength, nameof(reason));
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, MinBytes, nameof(bytes));
        while (bytes.Length > EventLimits.MaxLineBytes)
        {
            FillLine(bytes[..PieceBytes], reason);
            bytes = bytes[PieceBytes..];
        }

        FillLine(bytes, reason);
    }

    private static void FillLine(Span<byte> line, string reason)
    {
        line.Fill((byte)' ');
        Key.CopyTo(line);
        Encoding.ASCII.GetBytes(reason, line[Key.Length..]);
        line[Key.Length + reason.Length] = (byte)'"';
        LineTail.Write(line);
    }
}
