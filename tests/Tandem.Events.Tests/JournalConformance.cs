using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Events.Tests;

/// <summary>What every journal must do; each implementation inherits it.</summary>
public abstract class JournalConformance : IAsyncLifetime
{
    private IJournal? _journal;

    internal ManualClock Clock { get; } = new();

    protected IJournal Journal => _journal!;

    public virtual async Task InitializeAsync() => _journal = await OpenAsync();

    public virtual async Task DisposeAsync() => await Journal.DisposeAsync();

    [JournalFact]
    public async Task NewJournal_IsEmpty()
    {
        Assert.Equal(Journal.Begin, Journal.End);
        Assert.Empty(await ReadAllAsync(Journal.Begin));
        Assert.Empty(await Journal.ClosedSegmentsAsync(Journal.Begin));
    }

    [JournalFact]
    public async Task Append_ThenRead_GivesTheEventsInOrder()
    {
        await Journal.AppendAsync(Samples.Many(0, 3));
        JournalPosition end = await Journal.AppendAsync([Samples.Full]);

        IReadOnlyList<EventRecord> read = await ReadAllAsync(Journal.Begin);

        Assert.Equal(end, Journal.End);
        Assert.Equal($"e0 e1 e2 {Samples.Full.Id}", Samples.Ids(read));
        Assert.Equal(Samples.Text(Samples.Full), Samples.Text(read[3]));
    }

    [JournalFact]
    public async Task Append_OfNothing_GivesTheEnd()
    {
        JournalPosition end = await Journal.AppendAsync(Samples.Many(0, 3));

        Assert.Equal(end, await Journal.AppendAsync([]));
    }

    [JournalFact]
    public async Task Append_OfABatchWithOneInvalidEvent_AppendsNone()
    {
        EventRecord[] batch = [Samples.Small(1), Samples.Small(2) with { Position = 0 }];

        TandemException refused = await Assert.ThrowsAsync<TandemException>(async () => await Journal.AppendAsync(batch));

        Assert.Equal("EVT002", refused.Fault.Code);
        Assert.Equal(Journal.Begin, Journal.End);
    }

    [JournalFact]
    public async Task Append_StampsTheKnownTimeAndNeverGoesBack()
    {
        Clock.Now = Samples.Moment;
        await Journal.AppendAsync([Samples.Small(1)]);
        Clock.Now = Samples.Moment - TimeSpan.FromHours(1);
        await Journal.AppendAsync([Samples.Small(2)]);
        Clock.Now = Samples.Moment + TimeSpan.FromTicks(25);
        await Journal.AppendAsync([Samples.Small(3)]);

        IReadOnlyList<EventRecord> read = await ReadAllAsync(Journal.Begin);

        Assert.Equal(
            [Samples.Moment, Samples.Moment, Samples.Moment + TimeSpan.FromMicroseconds(2)],
            read.Select(record => record.KnownTime));
    }

    [JournalFact]
    public async Task Append_OfAKnownTime_KeepsIt()
    {
        DateTimeOffset past = Samples.Moment - TimeSpan.FromDays(400);

        await Journal.AppendAsync([Samples.Small(1) with { KnownTime = past }, Samples.Small(2)]);

        IReadOnlyList<EventRecord> read = await ReadAllAsync(Journal.Begin);
        Assert.Equal([past, Clock.Now], read.Select(record => record.KnownTime));
    }

    [JournalFact]
    public async Task Append_OfTheSameIdAgain_IsOneEvent()
    {
        await Journal.AppendAsync([Samples.Small(1), Samples.Small(2), Samples.Small(1)]);
        await Journal.AppendAsync([Samples.Small(2), Samples.Small(3)]);
        JournalPosition again = await Journal.AppendAsync([Samples.Small(3)]);

        IReadOnlyList<EventRecord> read = await ReadAllAsync(Journal.Begin);

        Assert.Equal("e1 e2 e3", Samples.Ids(read));
        Assert.Equal(Journal.End, again);
    }

    [JournalFact]
    public async Task Append_ByManyAtOnce_LosesAndDoublesNone()
    {
        const int Writers = 8;
        const int Each = 200;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                await Journal.AppendAsync([Samples.Small((writer * Each) + i)]);
            }
        })));

        IReadOnlyList<EventRecord> read = await ReadAllAsync(Journal.Begin);

        Assert.Equal(Writers * Each, read.Count);
        Assert.Equal(Writers * Each, read.DistinctBy(record => record.Id, StringComparer.Ordinal).Count());
        foreach (IGrouping<int, int> order in read.Select(record => Number(record)).GroupBy(number => number / Each))
        {
            Assert.Equal(order.Order(), order);
        }
    }

    [JournalFact]
    public async Task Read_FromABatchsEnd_GoesOnThere()
    {
        JournalPosition middle = await Journal.AppendAsync(Samples.Many(0, 5));
        await Journal.AppendAsync(Samples.Many(5, 5));

        IReadOnlyList<EventRecord> read = await ReadAllAsync(middle);

        Assert.Equal(Samples.Ids(Samples.Many(5, 5)), Samples.Ids(read));
    }

    [JournalFact]
    public async Task Read_GivesBatchesThatMeet()
    {
        await Journal.AppendAsync(Samples.Many(0, 20_000));

        List<JournalBatch> batches = await Journal.ReadAsync(Journal.Begin).ToListAsync();

        Assert.True(batches.Count > 1);
        Assert.Equal(Journal.Begin, batches[0].Start);
        Assert.Equal(Journal.End, batches[^1].End);
        Assert.Equal(batches.Skip(1).Select(batch => batch.Start), batches.SkipLast(1).Select(batch => batch.End));
        Assert.Equal(20_000, batches.Sum(batch => batch.Events.Count));
    }

    [JournalFact]
    public async Task Read_OutsideTheLog_IsRefused()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        JournalPosition beyond = new(Journal.End.Offset + 1);

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => ReadAllAsync(beyond));

        Assert.Equal("EVT007", refused.Fault.Code);
    }

    [JournalFact]
    public async Task Read_Following_WaitsForMoreAndEndsWhenCancelled()
    {
        using CancellationTokenSource stop = new();
        await Journal.AppendAsync(Samples.Many(0, 2));
        List<EventRecord> seen = [];

        async Task FollowAsync()
        {
            await foreach (JournalBatch batch in Journal.ReadAsync(Journal.Begin, follow: true, stop.Token))
            {
                seen.AddRange(batch.Events);
                if (seen.Count < 20)
                {
                    // Each append is made only when everything before it was read.
                    await Journal.AppendAsync([Samples.Small(seen.Count)]);
                }
                else
                {
                    await stop.CancelAsync();
                }
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(FollowAsync);
        Assert.Equal(Samples.Ids(Samples.Many(0, 20)), Samples.Ids(seen));
    }

    [JournalFact]
    public async Task Read_Following_EndsWhenTheJournalCloses()
    {
        await Journal.AppendAsync(Samples.Many(0, 2));
        TaskCompletionSource caughtUp = new();

        async Task<int> FollowAsync()
        {
            int count = 0;
            await foreach (JournalBatch batch in Journal.ReadAsync(Journal.Begin, follow: true))
            {
                count += batch.Events.Count;
                caughtUp.SetResult();
            }

            return count;
        }

        Task<int> following = FollowAsync();
        await caughtUp.Task;
        await Journal.DisposeAsync();

        Assert.Equal(2, await following);
    }

    [JournalFact]
    public async Task Seal_PutsAllEventsIntoClosedSegments()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        await Journal.SealAsync();
        JournalPosition middle = await Journal.AppendAsync(Samples.Many(5, 5));
        await Journal.SealAsync();
        await Journal.AppendAsync(Samples.Many(10, 5));

        IReadOnlyList<JournalSegment> all = await Journal.ClosedSegmentsAsync(Journal.Begin);
        IReadOnlyList<JournalSegment> rest = await Journal.ClosedSegmentsAsync(all[0].End);

        Assert.Equal(2, all.Count);
        Assert.Equal(middle, all[1].End);
        Assert.Equal([all[1]], rest);
        Assert.Empty(await Journal.ClosedSegmentsAsync(middle));
        for (int i = 0; i < all.Count; i++)
        {
            string[] lines = await File.ReadAllLinesAsync(all[i].Path);
            Assert.Equal(6, lines.Length);
            Assert.Equal(Samples.Ids(Samples.Many(i * 5, 5)), Samples.Ids(lines.Skip(1).Select(Parse)));
        }
    }

    [JournalFact]
    public async Task Seal_OfNothingNew_MakesNoSegment()
    {
        await Journal.SealAsync();
        await Journal.AppendAsync(Samples.Many(0, 1));
        await Journal.SealAsync();
        JournalPosition end = Journal.End;
        await Journal.SealAsync();

        Assert.Equal(end, Journal.End);
        Assert.Single(await Journal.ClosedSegmentsAsync(Journal.Begin));
    }

    [JournalFact]
    public async Task Read_AcrossSegments_GivesAll()
    {
        for (int i = 0; i < 5; i++)
        {
            await Journal.AppendAsync(Samples.Many(i * 3, 3));
            await Journal.SealAsync();
        }

        IReadOnlyList<EventRecord> read = await ReadAllAsync(Journal.Begin);

        Assert.Equal(Samples.Ids(Samples.Many(0, 15)), Samples.Ids(read));
    }

    [JournalFact]
    public async Task Reopen_KeepsEventsEndAndRememberedIds()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        await Journal.SealAsync();
        JournalPosition end = await Journal.AppendAsync(Samples.Many(5, 5));
        await Journal.DisposeAsync();

        _journal = await OpenAsync();
        await Journal.AppendAsync([Samples.Small(2), Samples.Small(7), Samples.Small(10)]);

        IReadOnlyList<EventRecord> read = await ReadAllAsync(Journal.Begin);
        Assert.Equal(Samples.Ids(Samples.Many(0, 11)), Samples.Ids(read));
        Assert.Equal("e10", Samples.Ids(await ReadAllAsync(end)));
    }

    [JournalFact]
    public async Task Trim_RemovesNothingAtOrBehindThePositionGiven()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        await Journal.SealAsync();
        JournalPosition behind = await Journal.AppendAsync(Samples.Many(5, 5));
        await Journal.SealAsync();
        await Journal.AppendAsync(Samples.Many(10, 5));
        await Journal.SealAsync();

        JournalTrim trim = await Journal.TrimAsync(new JournalRetention { Bytes = 0 }, behind);

        Assert.Equal(Journal.Begin, trim.Begin);
        Assert.True(Journal.Begin.CompareTo(behind) <= 0);
        Assert.Equal(Samples.Ids(Samples.Many(10, 5)), Samples.Ids(await ReadAllAsync(behind)));
        Assert.EndsWith(
            Samples.Ids(Samples.Many(10, 5)), Samples.Ids(await ReadAllAsync(Journal.Begin)), StringComparison.Ordinal);
    }

    [JournalFact]
    public async Task Append_AfterClosing_IsTheCallersFault()
    {
        await Journal.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Journal.AppendAsync(Samples.Many(0, 1)));
    }

    protected abstract Task<IJournal> OpenAsync();

    protected Task<IReadOnlyList<EventRecord>> ReadAllAsync(JournalPosition from) => ReadAllAsync(Journal, from);

    protected static async Task<IReadOnlyList<EventRecord>> ReadAllAsync(IJournal journal, JournalPosition from) =>
        await journal.ReadAsync(from).SelectMany(batch => batch.Events).ToListAsync();

    private static int Number(EventRecord record) =>
        int.Parse(record.Id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    private static EventRecord Parse(string line) => EventJson.Read(Samples.Json(line));
}
