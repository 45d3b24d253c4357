using Tandem.Events;

namespace Tandem.Backends.RabbitMq;

/// <summary>The raw log in a RabbitMQ stream, with a folder as its copy. <c>docs/formats/journal-stream.md</c> gives the
/// messages.</summary>
/// <remarks>Positions, segments and remembered ids are those of a <see cref="FileJournal"/>: the stream holds the same
/// bytes. An append is acknowledged when the broker has confirmed it. One process writes; thread safe.</remarks>
public sealed class RabbitJournal : IJournal
{
    private readonly FileJournal _copy;
    private readonly RabbitStream _stream;

    private RabbitJournal(FileJournal copy, RabbitStream stream)
    {
        _copy = copy;
        _stream = stream;
    }

    /// <summary>Name that the log was given when it began; a new stream at the same address has another.</summary>
    public string Name => _stream.Log;

    /// <inheritdoc />
    public JournalPosition Begin => _copy.Begin;

    /// <inheritdoc />
    public JournalPosition End => _copy.End;

    /// <summary>Opens the log for reading and writing, and brings the folder to its end.</summary>
    /// <param name="options">Broker and stream.</param>
    /// <param name="copy">Folder of the copy, sizes and ages of segments, queue and remembered ids. Durability is the
    /// broker's.</param>
    /// <param name="clock">Stamps events with the moment of their append.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="Faults.TandemException">BCK012: the broker refused; BCK013: it was not reached; BCK015: another
    /// process writes; BCK017, BCK018: the stream lacks what the copy continues; BCK019: it is another log; BCK020,
    /// BCK021: it is no log that this build reads; EVT codes as for <see cref="FileJournal"/>.</exception>
    public static async Task<RabbitJournal> OpenAsync(
        RabbitOptions options, FileJournalOptions copy, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(copy);
        ArgumentNullException.ThrowIfNull(clock);
        RabbitStream stream = new(options, clock);
        FileJournal journal = await FileJournal.OpenAsync(copy, clock, stream, cancellationToken).ConfigureAwait(false);
        return new RabbitJournal(journal, stream);
    }

    /// <inheritdoc />
    /// <exception cref="Faults.TandemException">BCK014: the broker did not confirm in time, and the events may still become
    /// durable; BCK016: another process took the log; BCK018: the broker lost what it had confirmed; EVT codes as for
    /// <see cref="FileJournal"/>.</exception>
    public ValueTask<JournalPosition> AppendAsync(
        IReadOnlyList<EventRecord> events, CancellationToken cancellationToken = default) =>
        _copy.AppendAsync(events, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<JournalBatch> ReadAsync(
        JournalPosition from, bool follow = false, CancellationToken cancellationToken = default) =>
        _copy.ReadAsync(from, follow, cancellationToken);

    /// <inheritdoc />
    public ValueTask SealAsync(CancellationToken cancellationToken = default) => _copy.SealAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalSegment>> ClosedSegmentsAsync(
        JournalPosition from, CancellationToken cancellationToken = default) =>
        _copy.ClosedSegmentsAsync(from, cancellationToken);

    /// <inheritdoc />
    /// <remarks>It is the copy that is trimmed; how long the broker keeps the stream its policies say.</remarks>
    public ValueTask<JournalTrim> TrimAsync(
        JournalRetention retention, JournalPosition behind, bool isDryRun = false,
        CancellationToken cancellationToken = default) =>
        _copy.TrimAsync(retention, behind, isDryRun, cancellationToken);

    /// <summary>Commits what is queued, ends every reader that follows, and lets another process write.</summary>
    public ValueTask DisposeAsync() => _copy.DisposeAsync();
}
