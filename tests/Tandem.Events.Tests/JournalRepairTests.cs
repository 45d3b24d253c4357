using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Events.Tests;

/// <summary>Damage at every byte: it is found, named, and taken out; everything else is read at its old
/// position.</summary>
public sealed class JournalRepairTests : IAsyncLifetime, IDisposable
{
    private const int EventCount = 6;

    private readonly TestFolder _folder = new();
    private readonly List<JournalPosition> _ends = [];
    private string _first = "";
    private string _last = "";

    private FileJournalOptions Options => new() { Folder = _folder["log"], Durability = Durability.None };

    // Two segments of three events each.
    public async Task InitializeAsync()
    {
        await using FileJournal journal = await OpenAsync();
        for (int i = 0; i < EventCount; i++)
        {
            _ends.Add(await journal.AppendAsync([Samples.Small(i)]));
            if (i == 2)
            {
                await journal.SealAsync();
            }
        }

        _first = Path.Combine(Options.Folder, "00000000000000000000.jsonl");
        _last = Path.Combine(Options.Folder, $"{_ends[2].Offset:D20}.jsonl");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_InAWholeLog_FindsNothing()
    {
        Assert.Empty(JournalRepair.Find(Options.Folder));
        Assert.Empty(JournalRepair.Run(Options.Folder));
        Assert.Empty(JournalRepair.Find(_folder["no such log"]));
    }

    [Fact]
    public async Task Run_OnADamagedCopyOfAStream_LosesNothingAndSaysThatTheBrokerHasIt()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Options.Folder, "stream.json"),
            """{"log":"a","session":"b","position":0,"offset":0,"format":"tandem.mirror/1"}""");
        Assert.Empty(JournalRepair.Run(Options.Folder));
        byte[] bytes = await File.ReadAllBytesAsync(_first);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_first, bytes);

        TandemException refused = Assert.Throws<TandemException>(() => JournalRepair.Run(Options.Folder));

        Assert.Equal(("EVT017", FaultKind.Conflict), (refused.Fault.Code, refused.Fault.Kind));
        Assert.Single(JournalRepair.Find(Options.Folder));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_first));
    }

    [Fact]
    public async Task EveryByteFlippedInAClosedSegment_IsFoundAndTakenOutAlone()
    {
        byte[] whole = await File.ReadAllBytesAsync(_first);
        for (int at = 0; at < whole.Length; at++)
        {
            await FlipAsync(_first, whole, at);
            JournalDamage damage = Assert.Single(JournalRepair.Find(Options.Folder));
            Assert.InRange(at, damage.Offset, damage.Offset + damage.Length - 1);

            JournalDamage repaired = Assert.Single(JournalRepair.Run(Options.Folder));

            Assert.Equal(damage, repaired with { KeptAt = null });
            Assert.Equal(
                Flipped(whole, at).AsSpan((int)damage.Offset, (int)damage.Length).ToArray(),
                await File.ReadAllBytesAsync(repaired.KeptAt!));
            bool isHeader = at < _ends[0].Offset - LineLength;
            int lost = isHeader ? -1 : (at - SegmentHeader.Size) / LineLength;
            Assert.Equal(
                Samples.Ids(Samples.Many(0, EventCount).Where((_, i) => i != lost)), Samples.Ids(await ReadAsync()));
            await File.WriteAllBytesAsync(_first, whole);
        }
    }

    [Fact]
    public async Task EveryByteFlippedInTheOpenSegment_IsFoundOrCutAsTheLastRecord()
    {
        byte[] whole = await File.ReadAllBytesAsync(_last);
        for (int at = 0; at < whole.Length; at++)
        {
            await FlipAsync(_last, whole, at);
            if (at >= whole.Length - LineLength)
            {
                // Indistinguishable from a torn write: the last record was not acknowledged, as far as one can see.
                Assert.Equal(Samples.Ids(Samples.Many(0, EventCount - 1)), Samples.Ids(await ReadAsync()));
            }
            else
            {
                TandemException damaged = await Assert.ThrowsAsync<TandemException>(OpenAsync);
                Assert.Equal("EVT004", damaged.Fault.Code);
                Assert.StartsWith(_last + ":", damaged.Fault.Place, StringComparison.Ordinal);
                Assert.Contains("tandem log repair", damaged.Fault.Remedy, StringComparison.Ordinal);
                JournalRepair.Run(Options.Folder);
                Assert.True((await ReadAsync()).Count >= EventCount - 1, $"byte {at}");
            }

            await File.WriteAllBytesAsync(_last, whole);
        }
    }

    [Fact]
    public async Task EveryLengthOfAClosedSegment_IsFoundAndFilledWithAGap()
    {
        byte[] whole = await File.ReadAllBytesAsync(_first);
        for (int length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(_first, whole[..length]);
            Assert.Equal("EVT009", (await Assert.ThrowsAsync<TandemException>(OpenAsync)).Fault.Code);

            JournalRepair.Run(Options.Folder);

            int left = Math.Max(0, (length - SegmentHeader.Size) / LineLength);
            Assert.Equal(
                Samples.Ids([.. Samples.Many(0, left), .. Samples.Many(3, 3)]), Samples.Ids(await ReadAsync()));
            Assert.Equal(whole.Length, new FileInfo(_first).Length);
        }
    }

    [Fact]
    public async Task Run_OfAMissingSegment_LeavesAGapThatEverythingBehindKeepsItsPlaceAfter()
    {
        await using (FileJournal journal = await OpenAsync())
        {
            await journal.SealAsync();
            await journal.AppendAsync([Samples.Small(EventCount)]);
        }

        File.Delete(_last);

        JournalDamage damage = Assert.Single(JournalRepair.Run(Options.Folder));

        Assert.Null(damage.KeptAt);
        Assert.Equal(JournalDamageKind.Lines, damage.Kind);
        await using FileJournal again = await OpenAsync();
        List<EventRecord> behind = await again.ReadAsync(_ends[^1]).SelectMany(batch => batch.Events).ToListAsync();
        Assert.Equal(Samples.Ids([Samples.Small(EventCount)]), Samples.Ids(behind));
        Assert.Equal("e0 e1 e2 e6", Samples.Ids(await again.ReadAsync(again.Begin)
            .SelectMany(batch => batch.Events).ToListAsync()));
    }

    [Fact]
    public async Task Run_OfSurplusBytes_CutsThem()
    {
        await File.AppendAllTextAsync(_first, "more than the next segment's name allows");

        JournalDamage damage = Assert.Single(JournalRepair.Run(Options.Folder));

        Assert.Equal(JournalDamageKind.Surplus, damage.Kind);
        Assert.Equal("more than the next segment's name allows", await File.ReadAllTextAsync(damage.KeptAt!));
        Assert.Equal(EventCount, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Run_OfMegabytesOfRubbish_FillsThemWithSeveralGaps()
    {
        byte[] whole = await File.ReadAllBytesAsync(_first);
        byte[] rubbish = [.. whole[..SegmentHeader.Size], .. new byte[3_500_000], .. whole[SegmentHeader.Size..]];
        await File.WriteAllBytesAsync(_first, rubbish);
        File.Delete(_last);

        JournalDamage damage = Assert.Single(JournalRepair.Run(Options.Folder));

        // The rubbish is longer than a line may be and has no line feed: the event that ends it goes with it.
        Assert.Equal((SegmentHeader.Size, 3_500_000 + LineLength), (damage.Offset, damage.Length));
        Assert.Equal("e1 e2", Samples.Ids(await ReadAsync()));
    }

    [Fact]
    public async Task Run_OfALaterFormat_IsRefused()
    {
        byte[] header = [.. (await File.ReadAllBytesAsync(_first)).AsSpan(0, SegmentHeader.Size)];
        header[header.AsSpan().IndexOf("\"version\":1"u8) + 10] = (byte)'3';
        LineTail.Write(header);
        await File.WriteAllBytesAsync(_first, header);

        TandemException refused = Assert.Throws<TandemException>(() => JournalRepair.Run(Options.Folder));

        Assert.Equal("EVT005", refused.Fault.Code);
    }

    [Fact]
    public async Task Run_WhileAProcessWrites_IsRefused()
    {
        await using FileJournal journal = await OpenAsync();

        TandemException refused = Assert.Throws<TandemException>(() => JournalRepair.Run(Options.Folder));

        Assert.Equal("EVT006", refused.Fault.Code);
    }

    [Fact]
    public async Task Listing_NamesSegmentsWithTheirFirstEvents()
    {
        await using FileJournal journal = await OpenAsync();
        await journal.SealAsync();

        IReadOnlyList<JournalListing> segments = JournalListing.Read(Options.Folder);

        Assert.Equal([0, _ends[2].Offset, _ends[5].Offset], segments.Select(segment => segment.Start.Offset));
        Assert.Equal([true, true, false], segments.Select(segment => segment.IsClosed));
        Assert.Equal([Clock.Now, Clock.Now, null], segments.Select(segment => segment.FirstKnown));
        Assert.Equal(SegmentHeader.Size, segments[2].Bytes);
    }

    private static ManualClock Clock { get; } = new();

    // All events have lines of one length.
    private int LineLength => (int)(_ends[1].Offset - _ends[0].Offset);

    private static byte[] Flipped(byte[] whole, int at)
    {
        byte[] flipped = [.. whole];
        flipped[at] ^= 1;
        return flipped;
    }

    private static async Task FlipAsync(string path, byte[] whole, int at) =>
        await File.WriteAllBytesAsync(path, Flipped(whole, at));

    private async Task<FileJournal> OpenAsync() => await FileJournal.OpenAsync(Options, Clock);

    private async Task<IReadOnlyList<EventRecord>> ReadAsync()
    {
        await using FileJournal journal = await OpenAsync();
        return await journal.ReadAsync(journal.Begin).SelectMany(batch => batch.Events).ToListAsync();
    }
}
