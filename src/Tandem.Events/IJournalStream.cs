using Tandem.Faults;

namespace Tandem.Events;

/// <summary>A log that a broker holds: the journal's folder is a copy of it, made as it is written, and made again where
/// it was lost. The bytes are those of the segments, one behind the other.</summary>
/// <remarks>One writer at a time: whoever takes it shuts everybody else out. Not thread safe.</remarks>
internal interface IJournalStream : IAsyncDisposable
{
    /// <summary>How long appends wait for the broker before they are refused.</summary>
    TimeSpan Patience { get; }

    /// <summary>Takes the log for this process, and reads what it holds.</summary>
    /// <param name="from">Where the copy ends, or null for everything.</param>
    /// <param name="receive">Gets every piece from there on, in order and once; the mark is that of the piece's first
    /// byte.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The end of what was read.</returns>
    /// <exception cref="TandemException">The broker is not there, another process writes, or the log is not
    /// whole.</exception>
    Task<StreamMark> TakeAsync(
        StreamMark? from, Action<StreamMark, ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken);

    /// <summary>Appends pieces, and completes when the broker has confirmed all of them, however long it is away.</summary>
    /// <param name="pieces">Pieces that meet each other and the end of the log.</param>
    /// <param name="cancellationToken">Gives up: the pieces are in the log or not.</param>
    /// <exception cref="TandemException">Another process took the log, or the broker lost what it had
    /// confirmed.</exception>
    Task AppendAsync(IReadOnlyList<JournalPiece> pieces, CancellationToken cancellationToken);

    /// <summary>Finds where the broker keeps what was appended last, so that reading can begin there later.</summary>
    /// <param name="position">Its position, the beginning of a segment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The mark, or null where the broker does not answer.</returns>
    Task<StreamMark?> TryMarkAsync(JournalPosition position, CancellationToken cancellationToken);

    /// <summary>Why appends are refused that have waited too long.</summary>
    TandemException Unconfirmed();
}
