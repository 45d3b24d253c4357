using Tandem.Faults;
using Tandem.Lake;

namespace Tandem.Workspace.Tests;

/// <summary>tandem.yaml changed against the rows that the lake holds.</summary>
public sealed class ChangedColumnsTests : IDisposable
{
    private const string Declared = "watch_fraction: {type: number, required: true, min: 0, max: 1}";

    private readonly SmallWorkspace _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public async Task ANewOptionalColumn_JustWorks()
    {
        await AddAsync("1", "\"seconds\":7");
        _small.Mend(Declared, $"{Declared}\n      seconds: number\n      device: text");
        await AddAsync("2", "\"seconds\":8.5,\"device\":\"phone\"");

        Assert.Equal(["7|", "8.5|phone"], await SecondsAndDevicesAsync());
    }

    [Fact]
    public async Task AWholeColumnThatBecomesANumber_JustWorks()
    {
        _small.Mend(Declared, $"{Declared}\n      seconds: whole\n      device: text");
        await AddAsync("1", "\"seconds\":7");
        _small.Mend("seconds: whole", "seconds: number");
        await AddAsync("2", "\"seconds\":8.5");

        Assert.Equal(["7|", "8.5|"], await SecondsAndDevicesAsync());
    }

    /// <summary>What the refusal says to do is done, and works.</summary>
    [Fact]
    public async Task AnotherType_IsRefusedAtOpen_AndTheWayOutLeadsOut()
    {
        _small.Mend(Declared, $"{Declared}\n      seconds: text\n      device: text");
        await AddAsync("1", "\"seconds\":\"7\"");
        await AddAsync("2", "\"seconds\":\"long\"");
        _small.Mend("seconds: text", "seconds: number");

        TandemException refused = await Assert.ThrowsAsync<TandemException>(_small.OpenAsync);
        Assert.Equal(("LAK014", "play.seconds"), (refused.Fault.Code, refused.Fault.Place));

        string lake = Path.Combine(_small.StoreFolder, "default", "lake");
        Directory.Move(lake, lake + ".old");
        await AddAsync("3", "\"seconds\":9,\"device\":\"tv\"");
        Assert.Equal(["7|", "|", "9|tv"], await SecondsAndDevicesAsync());
    }

    [Fact]
    public async Task AnEntityLeftOut_IsRefusedAtOpen()
    {
        _small.Mend("sources:", "entities: {user: {}, item: {}, place: {}}\nsources:");
        _small.Mend("impression: [user, item]", "impression: [user, item, place]");
        _small.Mend("entities: [user, item]", "entities: [user, item, place]");
        await AddAsync("1", "\"device\":\"tv\"", ",\"place\":\"p\"");
        _small.Mend("entities: [user, item, place]", "entities: [user, item]");

        TandemException refused = await Assert.ThrowsAsync<TandemException>(_small.OpenAsync);

        Assert.Equal(("LAK015", "play.place"), (refused.Fault.Code, refused.Fault.Place));
    }

    private async Task AddAsync(string id, string data, string entities = "")
    {
        await using TandemWorkspace workspace = await _small.OpenAsync();
        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync(
        [
            SmallWorkspace.Bytes(
                $$$"""
                {"id":"{{{id}}}","type":"play","entities":{"user":"u","item":"i"{{{entities}}}},"time":"2026-01-10T00:00:00Z",
                "data":{"watch_fraction":1,{{{data}}}}}
                """),
        ]);
        Assert.Null(outcomes[0].Fault);
        await workspace.CompactAsync();
    }

    private async Task<List<string>> SecondsAndDevicesAsync()
    {
        await using TandemWorkspace workspace = await _small.OpenAsync();
        using LakeSnapshot snapshot = await workspace.Lake.SnapshotAsync();
        using LakeReader reader = snapshot.Scan(new LakeQuery
        {
            Table = "play",
            Columns = ["seconds", "device"],
            OrderBy = [LakeEnvelope.EventId],
        });
        List<string> rows = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                string seconds = reader.IsNull(0, row) ? "" : FormattableString.Invariant($"{reader.Numbers(0)[row]}");
                rows.Add($"{seconds}|{reader.Text(1, row)}");
            }
        }

        return rows;
    }
}
