using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Events.Tests;

public sealed class FileJournalTests : JournalConformance, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<IJournal> OpenAsync() => await OpenAsync(Options);

    private FileJournalOptions Options => new() { Folder = _folder["log"] };

    private string FirstSegment => Path.Combine(_folder["log"], "00000000000000000000.jsonl");

    [Fact]
    public async Task Append_GivesTheGoldenSegment()
    {
        Clock.Now = Samples.Moment;
        await Journal.AppendAsync([Samples.Small(1), Samples.Full]);
        await Journal.DisposeAsync();

        string golden = Path.Combine(SharedData.Root, "tests/Tandem.Events.Tests/Golden/segment.jsonl");
        Assert.Equal(await File.ReadAllTextAsync(golden), await File.ReadAllTextAsync(FirstSegment));
    }

    [Fact]
    public async Task Append_BeyondTheSegmentSize_BeginsTheNext()
    {
        await Journal.DisposeAsync();
        await using FileJournal journal = await OpenAsync(Options with { SegmentBytes = 1024 });

        for (int i = 0; i < 100; i++)
        {
            await journal.AppendAsync([Samples.Small(i)]);
        }

        IReadOnlyList<JournalSegment> closed = await journal.ClosedSegmentsAsync(journal.Begin);
        Assert.InRange(closed.Count, 9, 12);
        Assert.All(closed, segment => Assert.InRange(new FileInfo(segment.Path).Length, 1024, 1024 + 120));
        Assert.Equal(100, (await ReadAllAsync(journal, journal.Begin)).Count);
    }

    [Fact]
    public async Task Open_AfterATornTail_KeepsEveryWholeLineForEveryTear()
    {
        await Journal.AppendAsync(Samples.Many(0, 4));
        await Journal.DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(FirstSegment);

        for (int length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(FirstSegment, whole[..length]);
            int expected = Math.Max(0, whole.AsSpan(0, length).Count((byte)'\n') - 1);

            await using FileJournal journal = await OpenAsync(Options with { Durability = Durability.None });
            await journal.AppendAsync([Samples.Small(100)]);

            IReadOnlyList<EventRecord> read = await ReadAllAsync(journal, journal.Begin);
            Assert.Equal(Samples.Ids([.. Samples.Many(0, expected), Samples.Small(100)]), Samples.Ids(read));
        }
    }

    [Fact]
    public async Task Open_AfterRubbishAtTheEnd_CutsIt()
    {
        JournalPosition end = await Journal.AppendAsync(Samples.Many(0, 4));
        await Journal.DisposeAsync();
        await File.AppendAllTextAsync(FirstSegment, "{\"id\":\"x\"}\n\0\0\0\n{\"id\"");

        await using FileJournal journal = await OpenAsync(Options);

        Assert.Equal(end, journal.End);
        Assert.Equal(end.Offset, new FileInfo(FirstSegment).Length);
    }

    [Fact]
    public async Task Open_WithAFlippedByteInTheMiddle_NamesSegmentAndOffset()
    {
        JournalPosition second = await Journal.AppendAsync(Samples.Many(0, 1));
        await Journal.AppendAsync(Samples.Many(1, 3));
        await Journal.DisposeAsync();
        await FlipAsync(FirstSegment, second.Offset + 10);

        TandemException damaged = await Assert.ThrowsAsync<TandemException>(() => OpenAsync(Options));

        Assert.Equal("EVT004", damaged.Fault.Code);
        Assert.Equal(FaultKind.Damaged, damaged.Fault.Kind);
        Assert.Equal($"{FirstSegment}:{second.Offset}", damaged.Fault.Place);
        Assert.Contains("tandem log repair", damaged.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfEveryFlippedByteInAClosedSegment_IsRefused()
    {
        await Journal.AppendAsync(Samples.Many(0, 3));
        await Journal.SealAsync();
        byte[] whole = await File.ReadAllBytesAsync(FirstSegment);

        for (int at = 0; at < whole.Length; at++)
        {
            await FlipAsync(FirstSegment, at);

            TandemException damaged = await Assert.ThrowsAsync<TandemException>(() => ReadAllAsync(Journal.Begin));

            Assert.True(damaged.Fault.Code is "EVT004" or "EVT005", $"{at}: {damaged.Message}");
            await File.WriteAllBytesAsync(FirstSegment, whole);
        }
    }

    [Fact]
    public async Task Open_OfALaterFormat_SaysWhatItReads()
    {
        await Journal.AppendAsync(Samples.Many(0, 3));
        await Journal.DisposeAsync();
        byte[] segment = await File.ReadAllBytesAsync(FirstSegment);
        Span<byte> header = segment.AsSpan(0, SegmentHeader.Size);
        header[header.IndexOf("\"version\":1"u8) + 10] = (byte)'3';
        LineTail.Write(header);
        await File.WriteAllBytesAsync(FirstSegment, segment);

        TandemException unknown = await Assert.ThrowsAsync<TandemException>(() => OpenAsync(Options));

        Assert.Equal("EVT005", unknown.Fault.Code);
        Assert.Contains("tandem.journal version 3", unknown.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithAMissingSegment_SaysWhere()
    {
        for (int i = 0; i < 3; i++)
        {
            await Journal.AppendAsync(Samples.Many(i, 1));
            await Journal.SealAsync();
        }

        IReadOnlyList<JournalSegment> closed = await Journal.ClosedSegmentsAsync(Journal.Begin);
        await Journal.DisposeAsync();
        File.Delete(closed[1].Path);

        TandemException gap = await Assert.ThrowsAsync<TandemException>(() => OpenAsync(Options));

        Assert.Equal("EVT009", gap.Fault.Code);
        Assert.Equal(closed[0].Path, gap.Fault.Place);
    }

    [Fact]
    public async Task Open_AfterTheOldestSegmentsWereRemoved_BeginsLater()
    {
        await Journal.AppendAsync(Samples.Many(0, 2));
        await Journal.SealAsync();
        await Journal.AppendAsync(Samples.Many(2, 2));
        JournalSegment oldest = Assert.Single(await Journal.ClosedSegmentsAsync(Journal.Begin));
        await Journal.DisposeAsync();
        File.Delete(oldest.Path);

        await using FileJournal journal = await OpenAsync(Options);
        IReadOnlyList<EventRecord> read = await ReadAllAsync(journal, journal.Begin);
        TandemException gone = await Assert.ThrowsAsync<TandemException>(async () =>
            await journal.ReadAsync(JournalPosition.Start).ToListAsync());

        Assert.Equal(oldest.End, journal.Begin);
        Assert.Equal("e2 e3", Samples.Ids(read));
        Assert.Equal("EVT007", gone.Fault.Code);
    }

    [Fact]
    public async Task Read_FromTheMiddleOfALine_IsRefused()
    {
        JournalPosition second = await Journal.AppendAsync(Samples.Many(0, 1));
        await Journal.AppendAsync(Samples.Many(1, 1));

        foreach (long offset in (long[])[1, second.Offset - 1, second.Offset + 1])
        {
            TandemException refused = await Assert.ThrowsAsync<TandemException>(() => ReadAllAsync(new(offset)));
            Assert.Equal("EVT007", refused.Fault.Code);
        }
    }

    [Fact]
    public async Task Open_WhileAnotherWrites_NamesItsProcess()
    {
        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => OpenAsync(Options));

        Assert.Equal("EVT006", refused.Fault.Code);
        Assert.Equal(FaultKind.Conflict, refused.Fault.Kind);
        Assert.Contains($"process {Environment.ProcessId};", refused.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithALockFileOfADeadProcess_TakesItOver()
    {
        await Journal.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder["log"], "writer.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(_folder["log"], "writer.pid"), "4194304");

        await using FileJournal journal = await OpenAsync(Options);

        Assert.Equal(journal.Begin, journal.End);
    }

    [Fact]
    public async Task Append_AfterReopeningWithAClockSetBack_DoesNotGoBack()
    {
        Clock.Now = Samples.Moment;
        await Journal.AppendAsync([Samples.Small(1)]);
        await Journal.DisposeAsync();
        Clock.Now -= TimeSpan.FromSeconds(10);

        await using FileJournal journal = await OpenAsync(Options);
        await journal.AppendAsync([Samples.Small(2)]);

        IReadOnlyList<EventRecord> read = await ReadAllAsync(journal, journal.Begin);
        Assert.Equal([Samples.Moment, Samples.Moment], read.Select(record => record.KnownTime));
    }

    private static async Task FlipAsync(string path, long at)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
    }

    private async Task<FileJournal> OpenAsync(FileJournalOptions options) => await FileJournal.OpenAsync(options, Clock);
}
