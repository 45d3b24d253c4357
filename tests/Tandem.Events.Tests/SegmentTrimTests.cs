using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Events.Tests;

public sealed class SegmentTrimTests : IDisposable
{
    private static readonly JournalRetention Nothing = new() { Bytes = 0 };
    private static readonly JournalPosition Everything = new(long.MaxValue);

    private readonly TestFolder _folder = new();
    private readonly ManualClock _clock = new();

    private FileJournalOptions Options => new() { Folder = _folder["log"], RememberedIdCount = 0 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Trim_ByBytes_KeepsTheNewestSegmentsWithinThem()
    {
        await using FileJournal journal = await FilledAsync(Options, 5);
        IReadOnlyList<JournalSegment> closed = await journal.ClosedSegmentsAsync(journal.Begin);
        long keep = journal.End.Offset - closed[2].End.Offset + SizeOf(closed[2]);

        JournalTrim dry = await journal.TrimAsync(new JournalRetention { Bytes = keep }, Everything, isDryRun: true);
        Assert.All(closed, segment => Assert.True(File.Exists(segment.Path)));
        JournalTrim trim = await journal.TrimAsync(new JournalRetention { Bytes = keep }, Everything);

        Assert.Equal(closed.Take(2), trim.Removed);
        Assert.Equal(closed.Take(2).Sum(SizeOf), trim.RemovedBytes);
        Assert.Equal(dry.Removed, trim.Removed);
        Assert.Equal(closed[1].End, journal.Begin);
        Assert.Null(trim.Hold);
        Assert.Equal([false, false, true, true, true], closed.Select(segment => File.Exists(segment.Path)));
        Assert.Equal("e4 e5 e6 e7 e8 e9", await IdsAsync(journal));
    }

    [Fact]
    public async Task Trim_ByAge_RemovesWhatBecameKnownLongAgo()
    {
        await using FileJournal journal = await FilledAsync(Options, 4);

        // The segments are from hours 1 to 4; the clock stands at 4.
        JournalTrim trim = await journal.TrimAsync(new JournalRetention { Age = TimeSpan.FromHours(2) }, Everything);

        Assert.Equal(2, trim.Removed.Count);
        Assert.Equal("e4 e5 e6 e7", await IdsAsync(journal));
    }

    [Fact]
    public async Task Trim_WithoutLimits_RemovesNothing()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);

        JournalTrim trim = await journal.TrimAsync(new JournalRetention(), Everything);

        Assert.Empty(trim.Removed);
        Assert.Empty(trim.Held);
        Assert.Equal("e0 e1 e2 e3 e4 e5", await IdsAsync(journal));
    }

    [Fact]
    public async Task Trim_BehindTheLake_IsHeldByIt()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);
        IReadOnlyList<JournalSegment> closed = await journal.ClosedSegmentsAsync(journal.Begin);

        JournalTrim trim = await journal.TrimAsync(Nothing, closed[0].End);

        Assert.Equal([closed[0]], trim.Removed);
        Assert.Equal(closed.Skip(1), trim.Held);
        Assert.Equal(new JournalHold(JournalHoldKind.Lake, closed[0].End), trim.Hold);
    }

    [Fact]
    public async Task Trim_WithANamedReader_KeepsWhatItHasNotRead()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);
        IReadOnlyList<JournalSegment> closed = await journal.ClosedSegmentsAsync(journal.Begin);
        await NamedReaders.SetAsync(Options.Folder, "export", closed[1].Start, _clock.Now);

        JournalTrim held = await journal.TrimAsync(Nothing, Everything);
        await NamedReaders.SetAsync(Options.Folder, "export", closed[1].End, _clock.Now);
        JournalTrim moved = await journal.TrimAsync(Nothing, Everything);
        Assert.True(await NamedReaders.RemoveAsync(Options.Folder, "export"));
        JournalTrim free = await journal.TrimAsync(Nothing, Everything);

        Assert.Equal([closed[0]], held.Removed);
        Assert.Equal(new JournalHold(JournalHoldKind.NamedReader, closed[1].Start, "export"), held.Hold);
        Assert.Equal([closed[1]], moved.Removed);
        Assert.Equal([closed[2]], free.Removed);
        Assert.Null(free.Hold);
    }

    [Fact]
    public async Task Trim_WhileAReaderIsInTheMiddle_LeavesWhatItHasBeforeIt()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);
        IReadOnlyList<JournalSegment> closed = await journal.ClosedSegmentsAsync(journal.Begin);
        List<EventRecord> seen = [];
        List<JournalTrim> trims = [];

        await foreach (JournalBatch batch in journal.ReadAsync(journal.Begin))
        {
            seen.AddRange(batch.Events);
            trims.Add(await journal.TrimAsync(Nothing, Everything));
        }

        Assert.Equal("e0 e1 e2 e3 e4 e5", Samples.Ids(seen));
        Assert.Equal([[closed[0]], [closed[1]], [closed[2]]], trims.Select(trim => trim.Removed));
        Assert.Equal(new JournalHold(JournalHoldKind.Reader, closed[0].End), trims[0].Hold);
    }

    [Fact]
    public async Task Trim_KeepsTheWindowOfIds()
    {
        FileJournalOptions options = Options with { RememberedIdCount = 3 };
        JournalTrim trim;
        await using (FileJournal journal = await FilledAsync(options, 5))
        {
            trim = await journal.TrimAsync(Nothing, Everything);
        }

        await using FileJournal again = await FileJournal.OpenAsync(options, _clock);
        JournalPosition end = again.End;
        await again.AppendAsync(Samples.Many(7, 3));

        Assert.Equal(JournalHoldKind.Ids, trim.Hold?.Kind);
        Assert.Equal(3, trim.Removed.Count);
        Assert.Equal("e6 e7 e8 e9", await IdsAsync(again));
        Assert.Equal(end, again.End);
    }

    [Fact]
    public async Task Read_BelowWhatIsKept_SaysWhereTheEventsAre()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);
        await journal.TrimAsync(Nothing, Everything);

        TandemException gone = await Assert.ThrowsAsync<TandemException>(async () =>
            await journal.ReadAsync(JournalPosition.Start).ToListAsync());

        Assert.Equal("EVT007", gone.Fault.Code);
        Assert.Contains("tandem lake sql", gone.Fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trim_ThenReopen_GoesOnWhereItWas()
    {
        await using (FileJournal journal = await FilledAsync(Options, 4))
        {
            await journal.TrimAsync(Nothing, Everything);
        }

        await using FileJournal again = await FileJournal.OpenAsync(Options, _clock);
        await again.AppendAsync(Samples.Many(100, 1));

        Assert.Equal(again.Begin, again.End with { Offset = JournalListing.Read(Options.Folder)[0].Start.Offset });
        Assert.Equal("e100", await IdsAsync(again));
        Assert.Empty(JournalRepair.Find(Options.Folder));
    }

    [Fact]
    public async Task Plan_OfALogThatIsBeingWritten_TellsWhatATrimWouldRemove()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);
        IReadOnlyList<JournalSegment> closed = await journal.ClosedSegmentsAsync(journal.Begin);

        JournalTrim plan = FileJournal.PlanTrim(Options, Nothing, closed[1].End, _clock.Now);
        JournalTrim trim = await journal.TrimAsync(Nothing, closed[1].End);

        Assert.Equal(trim.Removed, plan.Removed);
        Assert.Equal(trim.Hold, plan.Hold);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("a.b")]
    public async Task SetReader_UnderABadName_IsRefused(string name)
    {
        TandemException refused = await Assert.ThrowsAsync<TandemException>(() =>
            NamedReaders.SetAsync(Options.Folder, name, null, _clock.Now));

        Assert.Equal("EVT014", refused.Fault.Code);
    }

    [Fact]
    public async Task SetReader_WhereNothingIsKept_IsRefused()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);
        await journal.TrimAsync(Nothing, Everything);

        foreach (JournalPosition position in (JournalPosition[])[default, new(journal.End.Offset + 1000)])
        {
            TandemException refused = await Assert.ThrowsAsync<TandemException>(() =>
                NamedReaders.SetAsync(Options.Folder, "late", position, _clock.Now));
            Assert.Equal("EVT007", refused.Fault.Code);
        }

        Assert.Empty(NamedReaders.List(Options.Folder));
        NamedReader first = await NamedReaders.SetAsync(Options.Folder, "late", null, _clock.Now);
        Assert.Equal(journal.Begin, first.Position);
        Assert.Equal(first, Assert.Single(NamedReaders.List(Options.Folder)));
    }

    [Fact]
    public async Task Trim_WithAReaderThatCannotBeRead_RemovesNothing()
    {
        await using FileJournal journal = await FilledAsync(Options, 3);
        NamedReader reader = await NamedReaders.SetAsync(Options.Folder, "export", null, _clock.Now);
        await File.WriteAllTextAsync(
            Path.Combine(Options.Folder, NamedReaders.ReadersFolder, reader.Name + ".json"), "{\"format\":\"other/1\"}");

        TandemException damaged = await Assert.ThrowsAsync<TandemException>(async () =>
            await journal.TrimAsync(Nothing, Everything));

        Assert.Equal("EVT014", damaged.Fault.Code);
        Assert.Equal("e0 e1 e2 e3 e4 e5", await IdsAsync(journal));
    }

    /// <summary>Random appends, seals, trims, restarts and readers against lists in memory: every reader reads every
    /// event from where it began, nothing goes that anybody needs, and everything else that was to go does.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Trim_AmongReadersAndRestarts_RemovesExactlyWhatNobodyNeeds(int seed)
    {
        Random random = new(seed);
        FileJournalOptions options = Options with { RememberedIdCount = 20, Durability = Durability.None };
        FileJournal journal = await FileJournal.OpenAsync(options, _clock);
        List<(string Id, JournalPosition End)> all = [];
        List<SlowReader> readers = [];
        JournalPosition? named = null;
        int removed = 0;
        for (int step = 0; step < 400; step++)
        {
            switch (random.Next(9))
            {
                case 0 or 1 or 2:
                    foreach (EventRecord record in Samples.Many(all.Count, random.Next(1, 8)))
                    {
                        all.Add((record.Id, await journal.AppendAsync([record])));
                    }

                    break;
                case 3:
                    await journal.SealAsync();
                    break;
                case 4 when readers.Count < 3:
                    readers.Add(new SlowReader(journal, journal.Begin, all.Count(one => one.End.CompareTo(journal.Begin) <= 0)));
                    break;
                case 5 when readers.Count > 0:
                    SlowReader reader = readers[random.Next(readers.Count)];
                    await reader.ReadSomeAsync(all.Select(one => one.Id), $"seed {seed}, step {step}");
                    break;
                case 6:
                    named = random.Next(2) == 0 ? journal.End : null;
                    await NamedReaders.RemoveAsync(options.Folder, "named");
                    if (named is { } at)
                    {
                        await NamedReaders.SetAsync(options.Folder, "named", at, _clock.Now);
                    }

                    break;
                case 7 when random.Next(10) == 0:
                    foreach (SlowReader one in readers)
                    {
                        await one.EndAsync();
                    }

                    readers.Clear();
                    await journal.DisposeAsync();
                    journal = await FileJournal.OpenAsync(options, _clock);
                    break;
                default:
                    JournalPosition lake = all.Count == 0 ? default : all[random.Next(all.Count)].End;
                    long needed = readers.Select(one => one.Position.Offset)
                        .Append(lake.Offset)
                        .Append(named?.Offset ?? long.MaxValue)
                        .Append(all.Count <= 20 ? 0 : all[^21].End.Offset)
                        .Min();
                    IReadOnlyList<JournalSegment> closed = await journal.ClosedSegmentsAsync(journal.Begin);
                    JournalTrim trim = await journal.TrimAsync(Nothing, lake);
                    Assert.True(
                        closed.Where(segment => segment.End.Offset <= needed).SequenceEqual(trim.Removed),
                        $"seed {seed}, step {step}: needed from {needed}, removed to {trim.Begin}");
                    removed += trim.Removed.Count;
                    break;
            }

            Assert.True(
                Samples.Ids(await journal.ReadAsync(journal.Begin).SelectMany(batch => batch.Events).ToListAsync())
                    == string.Join(' ', all.Where(one => one.End.CompareTo(journal.Begin) > 0).Select(one => one.Id)),
                $"seed {seed}, step {step}");
        }

        await journal.DisposeAsync();
        Assert.True(removed > 10, $"seed {seed}: only {removed} segments went");
    }

    private static long SizeOf(JournalSegment segment) => new FileInfo(segment.Path) is { Exists: true } file
        ? file.Length
        : segment.End.Offset - long.Parse(
            Path.GetFileNameWithoutExtension(segment.Path), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> IdsAsync(FileJournal journal) =>
        Samples.Ids(await journal.ReadAsync(journal.Begin).SelectMany(batch => batch.Events).ToListAsync());

    /// <summary>A log with closed segments of two events each, an hour apart, and an empty open one.</summary>
    private async Task<FileJournal> FilledAsync(FileJournalOptions options, int segments)
    {
        FileJournal journal = await FileJournal.OpenAsync(options, _clock);
        for (int i = 0; i < segments; i++)
        {
            _clock.Now += TimeSpan.FromHours(1);
            await journal.AppendAsync(Samples.Many(i * 2, 2));
            await journal.SealAsync();
        }

        return journal;
    }

    /// <summary>Reads a batch when it is told to, and knows what must come next.</summary>
    private sealed class SlowReader(FileJournal journal, JournalPosition from, int next)
    {
        private readonly IAsyncEnumerator<JournalBatch> _batches = journal.ReadAsync(from).GetAsyncEnumerator();
        private int _next = next;
        private bool _hasBegun;

        // Before its first batch the journal does not know of it.
        public JournalPosition Position { get; private set; } = new(long.MaxValue);

        public async Task ReadSomeAsync(IEnumerable<string> all, string where)
        {
            bool isGone = !_hasBegun && from.CompareTo(journal.Begin) < 0;
            _hasBegun = true;
            if (isGone)
            {
                await Assert.ThrowsAsync<TandemException>(async () => await _batches.MoveNextAsync());
                Position = new(long.MaxValue);
            }
            else if (await _batches.MoveNextAsync())
            {
                JournalBatch batch = _batches.Current;
                Position = batch.End;
                Assert.True(
                    string.Join(' ', all.Skip(_next).Take(batch.Events.Count)) == Samples.Ids(batch.Events), where);
                _next += batch.Events.Count;
            }
            else
            {
                Position = new(long.MaxValue);
            }
        }

        public ValueTask EndAsync() => _batches.DisposeAsync();
    }
}
