using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Tandem.Faults;
using Tandem.Storage.Native;

namespace Tandem.Events;

/// <summary>The raw log as segment files of JSON lines in a folder. <c>docs/formats/journal.md</c> gives the
/// bytes.</summary>
/// <remarks>Appends are queued, written together and flushed once for all (group commit): one event at a time costs a
/// flush, thousands at a time cost almost nothing. A crash loses nothing that was acknowledged: opening cuts what was
/// torn. One process writes; any number of tasks append and read. Thread safe.</remarks>
public sealed class FileJournal : IJournal
{
    // A last event stamped further ahead than this came with its own known time, and does not hold the clock back.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMinutes(1);

    private readonly FileJournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly WriterLock _lock;
    private readonly JournalTip _tip;
    private readonly Committer _committer;
    private readonly IJournalStream? _stream;
    private readonly CancellationTokenSource _closing = new();

    private FileJournal(
        FileJournalOptions options, TimeProvider clock, WriterLock writerLock, JournalTip tip, Committer committer,
        IJournalStream? stream)
    {
        _options = options;
        _clock = clock;
        _lock = writerLock;
        _stream = stream;
        _tip = tip;
        _committer = committer;
    }

    /// <inheritdoc />
    public JournalPosition Begin => new(_tip.Segments[0].Base);

    /// <inheritdoc />
    public JournalPosition End => new(_tip.End);

    /// <summary>Opens the log for reading and writing, and brings it to its last whole line.</summary>
    /// <param name="options">Folder and settings.</param>
    /// <param name="clock">Stamps events with the moment of their append.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TandemException">EVT004: a segment is damaged in the middle; EVT005: written by another
    /// version; EVT006: another process writes; EVT008: the disk failed; EVT009: a segment is missing; EVT015: the
    /// folder is the copy of a broker's log.</exception>
    public static async ValueTask<FileJournal> OpenAsync(
        FileJournalOptions options, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        return await Task.Run(() => OpenAsync(options, clock, null, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Opens the log that a broker holds, with the folder as its copy.</summary>
    /// <param name="options">Folder and settings; durability is the broker's.</param>
    /// <param name="clock">Stamps events.</param>
    /// <param name="stream">The broker's log, owned from now on; null for a log in files.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    internal static async Task<FileJournal> OpenAsync(
        FileJournalOptions options, TimeProvider clock, IJournalStream? stream, CancellationToken cancellationToken)
    {
        WriterLock? writerLock = null;
        try
        {
            CreateFolder(options.Folder);
            writerLock = WriterLock.Take(options.Folder);
            if (stream is null)
            {
                return StreamMirror.IsIn(options.Folder)
                    ? throw EventErrors.IsMirror(options.Folder)
                    : Open(options, clock, writerLock);
            }

            long end = await StreamMirror.CatchUpAsync(options.Folder, stream, cancellationToken)
                .ConfigureAwait(false);
            return Open(options with { Durability = Durability.None }, clock, writerLock, stream, end);
        }
        catch (Exception e)
        {
            writerLock?.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            if (e is IOException or UnauthorizedAccessException)
            {
                throw EventErrors.DiskFailed("Opening the raw log", options.Folder, e);
            }

            throw;
        }
    }

    /// <inheritdoc />
    /// <exception cref="TandemException">EVT001, EVT002, EVT003: an event is not allowed; EVT008: the disk failed;
    /// EVT011: too much waits already; EVT012: the disk refused, as a full one does.</exception>
    /// <remarks>An event whose id was appended lately (<see cref="FileJournalOptions.RememberedIdCount"/>) is
    /// acknowledged and not appended again.</remarks>
    public ValueTask<JournalPosition> AppendAsync(
        IReadOnlyList<EventRecord> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        LineBatch batch = _committer.Rent();
        try
        {
            for (int i = 0; i < events.Count; i++)
            {
                batch.Add(events[i]);
            }
        }
        catch (TandemException e)
        {
            _committer.Return(batch);
            return ValueTask.FromException<JournalPosition>(e);
        }

        return _committer.AppendAsync(batch, cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="TandemException">EVT004: a segment is damaged; EVT005: written by another version; EVT007: the
    /// position is not kept, or no event begins there.</exception>
    public async IAsyncEnumerable<JournalBatch> ReadAsync(
        JournalPosition from, bool follow = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        using JournalReader reader = new(_tip, from.Offset);
        while (true)
        {
            Task growth = _tip.Growth.Next;
            long end = _tip.End;
            while (reader.Position < end)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return reader.Read();
            }

            if (!follow || !await WaitAsync(growth, stop.Token, cancellationToken).ConfigureAwait(false))
            {
                yield break;
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask SealAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        await _committer.SealAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalSegment>> ClosedSegmentsAsync(
        JournalPosition from, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImmutableList<Segment> segments = _tip.Segments;
        List<JournalSegment> closed = [];
        for (int i = 0; i + 1 < segments.Count; i++)
        {
            if (segments[i + 1].Base > from.Offset)
            {
                closed.Add(new JournalSegment(
                    new(segments[i].Base + SegmentHeader.Size), new(segments[i + 1].Base), segments[i].Path));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<JournalSegment>>(closed);
    }

    /// <inheritdoc />
    /// <exception cref="TandemException">EVT008: the disk failed; EVT013: a segment could not be removed; EVT014: a
    /// named reader cannot be read.</exception>
    /// <remarks>What <see cref="NamedReaders"/> have not read stays too, and as many ids as are remembered.</remarks>
    public async ValueTask<JournalTrim> TrimAsync(
        JournalRetention retention, JournalPosition behind, bool isDryRun = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(retention);
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        using SafeFileHandle gate =
            await NamedReaders.LockAsync(_options.Folder, cancellationToken).ConfigureAwait(false);
        SegmentTrim trim = new(_options, _tip, _clock.GetUtcNow());
        return await Task.Run(() => trim.Run(retention, behind, isDryRun), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells what a trim of a log would remove while another process writes it, whose own readers are not
    /// known here.</summary>
    /// <param name="options">Folder and settings.</param>
    /// <param name="retention">How much stays anyway.</param>
    /// <param name="behind">Nothing at or behind this position would be removed.</param>
    /// <param name="now">The moment that ages count from.</param>
    /// <exception cref="TandemException">EVT008: the disk failed; EVT014: a named reader cannot be read.</exception>
    public static JournalTrim PlanTrim(
        FileJournalOptions options, JournalRetention retention, JournalPosition behind, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(retention);
        try
        {
            List<Segment> segments = Directory.Exists(options.Folder) ? Segment.FindAll(options.Folder) : [];
            if (segments.Count == 0)
            {
                return new JournalTrim(default, [], [], null);
            }

            JournalTip tip = new(segments, segments[^1].Base + new FileInfo(segments[^1].Path).Length);
            return new SegmentTrim(options, tip, now).Run(retention, behind, isDryRun: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Looking into the raw log", options.Folder, e);
        }
    }

    /// <summary>Commits what is queued, ends every reader that follows, and lets another process write.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _committer.DisposeAsync().ConfigureAwait(false);
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }

        _lock.Dispose();
        _closing.Dispose();
    }

    // True where the log grew, false where the journal closes; throws where the caller gave up.
    private static async ValueTask<bool> WaitAsync(Task growth, CancellationToken stop, CancellationToken caller)
    {
        try
        {
            await growth.WaitAsync(stop).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return false;
        }
    }

    private static FileJournal Open(
        FileJournalOptions options, TimeProvider clock, WriterLock writerLock, IJournalStream? stream = null,
        long streamEnd = 0)
    {
        List<Segment> segments = Segment.FindAll(options.Folder);
        DemandMeeting(segments);
        SegmentWriter writer;
        DateTimeOffset? lastKnown = null;
        if (segments.Count == 0)
        {
            segments.Add(Segment.At(options.Folder, 0));
            writer = SegmentWriter.Create(segments[0]);
        }
        else
        {
            (writer, lastKnown) = SegmentWriter.Resume(segments[^1]);
        }

        bool isOurStamp = lastKnown <= clock.GetUtcNow() + ClockStep;
        RecentIds recent = RememberIds(segments, options.RememberedIdCount);
        JournalTip tip = new(segments, writer.End);
        StreamCommit? commit = stream is null ? null : new(options.Folder, stream, writer, streamEnd);
        Committer committer = new(
            options, clock, tip, recent, writer, isOurStamp ? lastKnown!.Value : default, commit);
        return new FileJournal(options, clock, writerLock, tip, committer, stream);
    }

    private static void CreateFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DirectoryFlush.Flush(Path.GetDirectoryName(folder) ?? folder);
        }
    }

    private static void DemandMeeting(List<Segment> segments)
    {
        for (int i = 0; i + 1 < segments.Count; i++)
        {
            long end = segments[i].Base + new FileInfo(segments[i].Path).Length;
            if (end != segments[i + 1].Base)
            {
                throw EventErrors.SegmentsDoNotMeet(segments[i].Path, end, segments[i + 1].Base);
            }
        }
    }

    private static RecentIds RememberIds(List<Segment> segments, int capacity)
    {
        Stack<List<byte[]>> newestOnTop = [];
        int count = 0;
        for (int i = segments.Count - 1; i >= 0 && count < capacity; i--)
        {
            newestOnTop.Push(SegmentRecovery.ReadIds(segments[i]));
            count += newestOnTop.Peek().Count;
        }

        // The stack gives back the oldest first.
        RecentIds recent = new(capacity);
        foreach (byte[] id in newestOnTop.SelectMany(ids => ids))
        {
            recent.BeginGroup();
            recent.Add(id, IdTable.Hash(id));
        }

        return recent;
    }
}
