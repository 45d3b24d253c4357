using Tandem.Events;
using Tandem.Faults;

namespace Tandem.Workspace.Tests;

public sealed class QuarantineReplayTests : IDisposable
{
    private const string TooMuch = """{"type":"play","entities":{"user":"u1","item":"v1"},"data":{"watch_fraction":7}}""";

    private readonly SmallWorkspace _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public async Task Replay_AfterTheSpecWasMended_MakesEachAnEventOnce()
    {
        await using (TandemWorkspace workspace = await _small.OpenAsync())
        {
            await workspace.IngestAsync([Bytes(TooMuch), Bytes(TooMuch), Bytes("no json"), Bytes(_small.Play(1, 1, TimeSpan.Zero, 3))]);
            await workspace.IngestAsync(
                [Bytes("""{"specversion":"1.0","id":"1","source":"s","type":"play","subject":"u1","item":"v1","data":{"watch_fraction":7}}""")],
                EventForm.CloudEvent);
        }

        _small.Mend("max: 1}", "max: 10}");
        await using TandemWorkspace mended = await _small.OpenAsync();
        QuarantineReplay first = await mended.ReplayQuarantineAsync(QuarantineRange.All);
        QuarantineReplay again = await mended.ReplayQuarantineAsync(QuarantineRange.All);

        Assert.Equal((4, 1), (first.Accepted, first.Refused));
        Assert.Equal((0, 1), (again.Accepted, again.Refused));
        Assert.Equal(1, again.Reasons["EVT001"]);
        Assert.Equal(4, (await EventsAsync(mended)).Count);
        Assert.Equal(1, await mended.Quarantine.CountAsync());
    }

    [Fact]
    public async Task Replay_CutOffBeforeTheRowsWereRemoved_CanBeRepeated()
    {
        await using (TandemWorkspace workspace = await _small.OpenAsync())
        {
            await workspace.IngestAsync([Bytes(TooMuch), Bytes(TooMuch)]);
        }

        _small.Mend("max: 1}", "max: 10}");
        string kept = Assert.Single(_small.QuarantineFiles());
        byte[] before = await File.ReadAllBytesAsync(kept);
        await using TandemWorkspace mended = await _small.OpenAsync();
        await mended.ReplayQuarantineAsync(QuarantineRange.All);
        await File.WriteAllBytesAsync(kept, before);

        QuarantineReplay again = await mended.ReplayQuarantineAsync(QuarantineRange.All);

        Assert.Equal(2, again.Accepted);
        Assert.Equal(2, (await EventsAsync(mended)).Count);
    }

    [Fact]
    public async Task Replay_LeavesWhatCannotComeWholeAndWhatCameFromFiles()
    {
        await using TandemWorkspace workspace = await _small.OpenAsync();
        byte[] broken = [.. """{"type":"play","entities":{"user":"u"""u8, 0xFF, .. "\",\"item\":\"v1\"},\"data\":{\"watch_fraction\":0.5}}"u8];
        await workspace.IngestAsync([broken]);
        await workspace.Quarantine.AppendAsync(
            [new QuarantinedRow { Code = "WSP106", Message = "m", Source = "play", File = "a.csv", Line = 2, Text = "a,b" }]);

        QuarantineReplay replay = await workspace.ReplayQuarantineAsync(QuarantineRange.All);

        Assert.Equal((0, 0, 1, 1), (replay.Accepted, replay.Refused, replay.FromFiles, replay.Partial));
        Assert.Equal(2, await workspace.Quarantine.CountAsync());
    }

    [Fact]
    public async Task Drop_OfARange_RemovesThoseAloneAndKeepsAReceipt()
    {
        await using TandemWorkspace workspace = await _small.OpenAsync();
        await workspace.IngestAsync([.. Enumerable.Range(0, 5).Select(n => Bytes($"bad {n}"))]);
        List<QuarantinedRow> rows = await workspace.QuarantinedAsync(QuarantineRange.All).ToListAsync();

        (long count, string? receipt) = await workspace.DropQuarantinedAsync(
            QuarantineRange.Parse($"{rows[1].Id}..{rows[3].Id}"));
        (long none, string? noReceipt) = await workspace.DropQuarantinedAsync(QuarantineRange.All, source: "play");

        Assert.Equal(3, count);
        Assert.Contains("[2,3,4]", await File.ReadAllTextAsync(_small.QuarantineFile(receipt!)), StringComparison.Ordinal);
        Assert.Equal((0, null), (none, noReceipt));
        Assert.Equal(
            [rows[0], rows[4]], await workspace.QuarantinedAsync(QuarantineRange.All).ToListAsync());
        Assert.Equal(2, await workspace.Quarantine.CountAsync());
    }

    [Fact]
    public async Task Drop_OfAll_LeavesNothing_EvenAfterACrashInAnEarlierDrop()
    {
        await using TandemWorkspace workspace = await _small.OpenAsync();
        await workspace.IngestAsync([.. Enumerable.Range(0, 12).Select(n => Bytes($"bad {n}"))]);
        string kept = Assert.Single(_small.QuarantineFiles());
        byte[] before = await File.ReadAllBytesAsync(kept);
        List<QuarantinedRow> rows = await workspace.QuarantinedAsync(QuarantineRange.All).ToListAsync();
        await workspace.DropQuarantinedAsync(QuarantineRange.Parse(rows[0].Id));
        await File.WriteAllBytesAsync(kept, before);
        Assert.Equal(11, await workspace.Quarantine.CountAsync());

        await workspace.DropQuarantinedAsync(QuarantineRange.All);

        Assert.Equal(0, await workspace.Quarantine.CountAsync());
        Assert.Empty(_small.QuarantineFiles());
    }

    [Theory]
    [InlineData("none:1")]
    [InlineData("none:1..none:2")]
    public async Task Rows_ThatAreNotThere_AreRefused(string range)
    {
        await using TandemWorkspace workspace = await _small.OpenAsync();
        await workspace.IngestAsync([Bytes("bad")]);

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() =>
            workspace.DropQuarantinedAsync(QuarantineRange.Parse(range)));

        Assert.Equal("WSP026", refused.Fault.Code);
        Assert.Equal(1, await workspace.Quarantine.CountAsync());
    }

    private static async Task<List<EventRecord>> EventsAsync(TandemWorkspace workspace)
    {
        List<EventRecord> events = [];
        await foreach (JournalBatch batch in workspace.Journal.ReadAsync(workspace.Journal.Begin))
        {
            events.AddRange(batch.Events);
        }

        return events;
    }

    private static ReadOnlyMemory<byte> Bytes(string line) => SmallWorkspace.Bytes(line);
}
