using Tandem.Faults;

namespace Tandem.Events;

/// <summary>The committer's half of a log that a broker holds: sends what was written to the folder, and keeps the mark.
/// Not thread safe: the committer's alone.</summary>
internal sealed class StreamCommit
{
    private readonly string _folder;
    private readonly IJournalStream _stream;
    private long _end;
    private long _begun;

    /// <summary>Goes on where the folder was brought to the broker's end.</summary>
    /// <param name="folder">The copy.</param>
    /// <param name="stream">The broker's log.</param>
    /// <param name="segment">The last segment of the copy.</param>
    /// <param name="end">The broker's end.</param>
    public StreamCommit(string folder, IJournalStream stream, SegmentWriter segment, long end)
    {
        _folder = folder;
        _stream = stream;
        _end = end;

        // Of a new log the broker does not even have the header.
        _begun = end > segment.Start ? segment.Start : -1;
    }

    /// <summary>How long appends wait.</summary>
    public TimeSpan Patience => _stream.Patience;

    /// <summary>Why they are refused then.</summary>
    public TandemException Unconfirmed() => _stream.Unconfirmed();

    /// <summary>True where a segment was begun that the broker does not know.</summary>
    public bool IsBehind(SegmentRoll roll) => roll.SegmentStart != _begun;

    /// <summary>Tells the broker of a new segment before anything stands in it, and then marks its beginning.</summary>
    public async Task BeginSegmentAsync(SegmentRoll roll, CancellationToken cancellationToken)
    {
        long start = roll.SegmentStart;
        await AppendAsync([SegmentHeader.Write(start)], cancellationToken).ConfigureAwait(false);
        _begun = start;
        if (await _stream.TryMarkAsync(new JournalPosition(start), cancellationToken).ConfigureAwait(false) is { } mark)
        {
            await StreamMirror.WriteAsync(_folder, mark, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends lines, which stand behind everything sent before.</summary>
    public async Task AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> lines, CancellationToken cancellationToken)
    {
        List<JournalPiece> pieces = JournalPiece.Cut(_end, lines);
        await _stream.AppendAsync(pieces, cancellationToken).ConfigureAwait(false);
        _end = pieces[^1].End;
    }
}
