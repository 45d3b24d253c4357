namespace Tandem.Events;

/// <summary>The raw log: facts in order, durable, once.</summary>
/// <remarks>Many writers and readers; one process writes. Implementations share one conformance suite.</remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>First position that is still kept.</summary>
    JournalPosition Begin { get; }

    /// <summary>End of what is acknowledged; readers stop here.</summary>
    JournalPosition End { get; }

    /// <summary>Appends events in order and completes when they are durable as the journal's setting says.</summary>
    /// <param name="events">Events to append; none is appended where one is invalid.</param>
    /// <param name="cancellationToken">Stops waiting; the events may still become durable.</param>
    /// <returns>The position behind the last of them.</returns>
    ValueTask<JournalPosition> AppendAsync(
        IReadOnlyList<EventRecord> events, CancellationToken cancellationToken = default);

    /// <summary>Reads events from a position, in order.</summary>
    /// <param name="from">Position of the first event, as given by an earlier batch's end, or
    /// <see cref="Begin"/>.</param>
    /// <param name="follow">True to wait for more at the end; false to stop there.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<JournalBatch> ReadAsync(
        JournalPosition from, bool follow = false, CancellationToken cancellationToken = default);

    /// <summary>Closes the segment being written, so that all events so far lie in closed segments.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask SealAsync(CancellationToken cancellationToken = default);

    /// <summary>The closed segments that hold events at or behind a position, oldest first, as local files of JSON
    /// lines.</summary>
    /// <param name="from">Events before this position are not needed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<JournalSegment>> ClosedSegmentsAsync(
        JournalPosition from, CancellationToken cancellationToken = default);

    /// <summary>Removes the oldest closed segments that need not be kept any more. One stays while somebody in this
    /// process reads it or has it before them.</summary>
    /// <param name="retention">How much stays anyway.</param>
    /// <param name="behind">Nothing at or behind this position is removed: how far the lake reaches.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops it before anything was removed.</param>
    ValueTask<JournalTrim> TrimAsync(
        JournalRetention retention, JournalPosition behind, bool isDryRun = false,
        CancellationToken cancellationToken = default);
}
