using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Events.Tests;

/// <summary>When segments close, what waits, and what a refusing disk does.</summary>
public sealed class FileJournalWritingTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    private FileJournalOptions Options => new() { Folder = _folder["log"] };

    [Theory]
    [InlineData(Durability.Fsync)]
    [InlineData(Durability.Interval)]
    [InlineData(Durability.None)]
    public async Task Append_WithEachDurability_IsReadAtOnceAndAfterClosing(Durability durability)
    {
        FileJournalOptions options = Options with { Durability = durability };
        await using (FileJournal journal = await OpenAsync(options))
        {
            await journal.AppendAsync(Samples.Many(0, 10));
            Assert.Equal(10, (await ReadAsync(journal)).Count);
        }

        await using FileJournal again = await OpenAsync(options);

        Assert.Equal(10, (await ReadAsync(again)).Count);
    }

    [Fact]
    public async Task Segment_OfItsAge_ClosesThoughNothingMoreComes()
    {
        await using FileJournal journal = await OpenAsync(Options with { SegmentAge = TimeSpan.FromMinutes(10) });
        await journal.AppendAsync(Samples.Many(0, 2));
        await SettleAsync(journal);
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        await journal.AppendAsync([Samples.Small(2)]);
        await SettleAsync(journal);
        Assert.Empty(await journal.ClosedSegmentsAsync(journal.Begin));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await SettleAsync(journal);

        JournalSegment closed = Assert.Single(await journal.ClosedSegmentsAsync(journal.Begin));
        Assert.Equal(journal.End, closed.End);
        Assert.Equal("e0 e1 e2", Samples.Ids(await ReadAsync(journal)));
    }

    [Fact]
    public async Task Segment_WithoutEvents_DoesNotAge()
    {
        await using FileJournal journal = await OpenAsync(Options with { SegmentAge = TimeSpan.FromSeconds(1) });

        _clock.Advance(TimeSpan.FromDays(2));
        await SettleAsync(journal);

        Assert.Empty(await journal.ClosedSegmentsAsync(journal.Begin));
    }

    [Fact]
    public async Task Append_WithAFullQueue_IsRefusedAsBusyAndTheOthersAreServed()
    {
        using BlockingClock clock = new();
        await using FileJournal journal = await FileJournal.OpenAsync(Options with { QueueLength = 3 }, clock);
        Task<JournalPosition> first = await HoldAsync(journal, clock);
        Task<JournalPosition>[] waiting =
            [.. Enumerable.Range(1, 3).Select(i => journal.AppendAsync([Samples.Small(i)]).AsTask())];

        TandemException refused = await Assert.ThrowsAsync<TandemException>(async () =>
            await journal.AppendAsync([Samples.Small(4)]));
        clock.Release();
        await Task.WhenAll([first, .. waiting]);
        await journal.AppendAsync([Samples.Small(5)]);

        Assert.Equal(("EVT011", FaultKind.Busy), (refused.Fault.Code, refused.Fault.Kind));
        Assert.Equal("e0 e1 e2 e3 e5", Samples.Ids(await ReadAsync(journal)));
    }

    [Fact]
    public async Task Append_WithManyBytesWaiting_IsRefusedButOneLargeAppendNever()
    {
        using BlockingClock clock = new();
        await using FileJournal journal = await FileJournal.OpenAsync(Options with { QueueBytes = 100 }, clock);
        Task<JournalPosition> first = await HoldAsync(journal, clock);
        Task<JournalPosition> large = journal.AppendAsync(Samples.Many(1, 50)).AsTask();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(async () =>
            await journal.AppendAsync([Samples.Small(51)]));
        clock.Release();
        await Task.WhenAll(first, large);

        Assert.Equal("EVT011", refused.Fault.Code);
        Assert.Equal(51, (await ReadAsync(journal)).Count);
    }

    [Fact]
    public async Task Append_WhenTheDiskRefuses_KeepsNothingOfItAndGoesOnOnceItDoesNot()
    {
        await using FileJournal journal = await OpenAsync(Options with { SegmentBytes = 1024 });
        JournalPosition end = await journal.AppendAsync(Samples.Many(0, 20));

        // The next segment's name is taken by a folder, so it cannot be made.
        string taken = Path.Combine(Options.Folder, $"{end.Offset:D20}.jsonl");
        Directory.CreateDirectory(taken);
        TandemException first = await Assert.ThrowsAsync<TandemException>(async () =>
            await journal.AppendAsync(Samples.Many(20, 2)));
        TandemException sealing = await Assert.ThrowsAsync<TandemException>(async () => await journal.SealAsync());
        Assert.Equal(20, (await ReadAsync(journal)).Count);
        Directory.Delete(taken);

        // The same events: a refused one must not count as known.
        await journal.AppendAsync(Samples.Many(20, 2));

        Assert.Equal(("EVT012", "EVT012"), (first.Fault.Code, sealing.Fault.Code));
        Assert.Equal(FaultKind.Unavailable, first.Fault.Kind);
        Assert.Equal(Samples.Ids(Samples.Many(0, 22)), Samples.Ids(await ReadAsync(journal)));
    }

    [Fact]
    public async Task Append_WithACancelledToken_IsNotMade()
    {
        await using FileJournal journal = await OpenAsync(Options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await journal.AppendAsync(Samples.Many(0, 1), new CancellationToken(canceled: true)));

        Assert.Equal(journal.Begin, journal.End);
    }

    // The second append is taken when the committer is done with the first, and with whatever woke it before that.
    private static async Task SettleAsync(FileJournal journal)
    {
        await journal.AppendAsync([]);
        await journal.AppendAsync([]);
    }

    // Starts an append, and returns when the committer is held in the middle of it.
    private static async Task<Task<JournalPosition>> HoldAsync(FileJournal journal, BlockingClock clock)
    {
        clock.Hold();
        Task<JournalPosition> first = journal.AppendAsync([Samples.Small(0)]).AsTask();
        await clock.Held;
        return first;
    }

    private static async Task<IReadOnlyList<EventRecord>> ReadAsync(FileJournal journal) =>
        await journal.ReadAsync(journal.Begin).SelectMany(batch => batch.Events).ToListAsync();

    private async Task<FileJournal> OpenAsync(FileJournalOptions options) => await FileJournal.OpenAsync(options, _clock);

    /// <summary>A clock that lets whoever asks for the time wait: the committer does at each commit.</summary>
    private sealed class BlockingClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _open = new(initialState: true);
        private TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Held => _held.Task;

        public void Hold()
        {
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _open.Reset();
        }

        public void Release() => _open.Set();

        public override DateTimeOffset GetUtcNow()
        {
            if (!_open.IsSet)
            {
                _held.TrySetResult();
                _open.Wait();
            }

            return Samples.Moment;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new ManualClock().CreateTimer(callback, state, dueTime, period);

        public void Dispose() => _open.Dispose();
    }
}
