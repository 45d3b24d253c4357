using System.Globalization;
using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Registry;
using Tandem.Serving;

namespace Tandem.Workspace.Tests;

public sealed class RowsTests : IAsyncLifetime, IDisposable
{
    private readonly SmallWorkspace _small = new();
    private TandemWorkspace _workspace = null!;

    public async Task InitializeAsync()
    {
        _workspace = await _small.OpenAsync();
        await _small.RecordAsync(_workspace);
        await _workspace.CompactAsync();
        await _workspace.TrainAsync(TrainingCause.Manual);
        await _workspace.StartServingAsync();
    }

    public async Task DisposeAsync() => await _workspace.DisposeAsync();

    public void Dispose() => _small.Dispose();

    [Fact]
    public async Task Patch_ChangesColumnsAndKeepsTheOthers_NullTakesAway()
    {
        await ChangeAsync(RowChange.Put, "v2", """{"data":{"category":"news","title":"a","length":3}}""");
        await ChangeAsync(RowChange.Patch, "v2", """{"data":{"category":"music","title":null}}""");

        Assert.Equal("""{"length":3,"category":"music"}""", (await RowsAsync("v2"))[^1]);
    }

    [Fact]
    public async Task Patch_OfWhatIsNotKnownOrGone_IsRefused()
    {
        EventOutcome unknown = await ChangeAsync(RowChange.Patch, "v2", """{"data":{"category":"music"}}""");
        await ChangeAsync(RowChange.Put, "v4", """{"data":{"category":"music"}}""");
        await ChangeAsync(RowChange.Delete, "v4", "{}");
        EventOutcome gone = await ChangeAsync(RowChange.Patch, "v4", """{"data":{"category":"music"}}""");

        Assert.Equal(("WSP025", FaultKind.NotFound), (unknown.Fault?.Code, unknown.Fault?.Kind));
        Assert.Equal("WSP025", gone.Fault?.Code);
    }

    [Fact]
    public async Task Delete_TakesTheItemOutOfAnswers_PutBringsItBack()
    {
        string first = (await RecommendAsync())[0];

        await ChangeAsync(RowChange.Delete, first, "{}");
        string[] without = await RecommendAsync();
        string[] like = [.. _workspace.Predictor.Similar(without[0], 30).Items.Select(item => item.Id)];
        await ChangeAsync(RowChange.Put, first, """{"data":{"category":"news"}}""");
        string[] again = await RecommendAsync();

        Assert.NotEmpty(without);
        Assert.DoesNotContain(first, without, StringComparer.Ordinal);
        Assert.DoesNotContain(first, like, StringComparer.Ordinal);
        Assert.Equal(first, again[0]);
    }

    [Fact]
    public async Task Put_OfARowWithoutAColumn_TakesItFromFiltersToo()
    {
        string first = (await RecommendAsync())[0];
        await ChangeAsync(RowChange.Put, first, """{"data":{"category":"news"}}""");
        string[] news = await RecommendAsync("news");
        await ChangeAsync(RowChange.Put, first, """{"data":{}}""");

        Assert.Equal([first], news, StringComparer.Ordinal);
        Assert.Empty(await RecommendAsync("news"));
    }

    [Fact]
    public async Task Changes_StayAsRows_SoThatWhatWasKnownThenIsKnown()
    {
        DateTimeOffset began = _small.Clock.GetUtcNow();
        await ChangeAsync(RowChange.Put, "v2", """{"data":{"category":"news"}}""");
        _small.Clock.Advance(TimeSpan.FromHours(1));
        await ChangeAsync(RowChange.Patch, "v2", """{"data":{"category":"music"}}""");
        _small.Clock.Advance(TimeSpan.FromHours(1));
        await ChangeAsync(RowChange.Delete, "v2", "{}");
        await _workspace.CompactAsync();

        using LakeSnapshot snapshot = await _workspace.Lake.SnapshotAsync();
        using LakeReader reader = snapshot.Scan(new LakeQuery
        {
            Table = "thing",
            Columns = [LakeEnvelope.EventTime, "category", "deleted"],
            OrderBy = [LakeEnvelope.EventTime],
        });
        List<string> rows = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                TimeSpan after = DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(reader.TimesMicros(0)[row]) - began;
                string deleted = reader.IsNull(2, row) ? "" : reader.Flags(2)[row].ToString();
                rows.Add(string.Create(CultureInfo.InvariantCulture, $"{after.TotalHours}: {reader.Text(1, row)} {deleted}"));
            }
        }

        Assert.Equal(["0: news ", "1: music ", "2:  True"], rows, StringComparer.Ordinal);
    }

    [Fact]
    public async Task ManyPatches_OfOneEntityInOneCall_BuildUponEachOther()
    {
        IReadOnlyList<EventOutcome> outcomes = await _workspace.ChangeRowsAsync(
            EntityRole.Item, RowChange.Put, null, Lines("""{"id":"v2","data":{"a":0}}""", """{"id":"v4","data":{}}"""));
        IReadOnlyList<EventOutcome> patches = await _workspace.ChangeRowsAsync(
            EntityRole.Item, RowChange.Patch, null,
            Lines(
                """{"id":"v2","data":{"a":1}}""", """{"id":"none","data":{}}""", """{"id":"v2","data":{"b":2}}""",
                """{"id":"v2","data":{"category":7}}""", """{"id":"v2","data":{"c":3}}""", "7", """{"data":{}}"""));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Fault));
        Assert.Equal(
            [null, "WSP025", null, "WSP005", null, "WSP024", "WSP024"],
            patches.Select(outcome => outcome.Fault?.Code), StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, 7), patches.Select(outcome => outcome.Index));
        Assert.Equal("""{"a":1,"b":2,"c":3}""", (await RowsAsync("v2"))[^1]);
    }

    [Fact]
    public async Task ManyPatchesAtOnce_AreAllKept()
    {
        await ChangeAsync(RowChange.Put, "v2", """{"data":{}}""");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() =>
            ChangeAsync(RowChange.Patch, "v2", $$$"""{"data":{"n{{{n}}}":1}}"""))));

        using var last = JsonDocument.Parse((await RowsAsync("v2"))[^1]);
        Assert.Equal(40, last.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public async Task Rows_OfAnEntityWithoutTable_AreRefused()
    {
        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => _workspace.ChangeRowsAsync(
            EntityRole.User, RowChange.Put, "u1", Lines("{}")).AsTask());

        Assert.Equal("WSP023", refused.Fault.Code);
    }

    [Fact]
    public async Task Rows_BrokenAtRandom_AreAnsweredNeverThrown()
    {
        const ulong Seed = 5;
        byte[] whole = Encoding.UTF8.GetBytes("""{"id":"v2","time":"2026-01-01T00:00:00Z","data":{"category":"\u00e4","n":[1]}}""");
        SeededRandom random = new(Seed);
        List<ReadOnlyMemory<byte>> rows = [];
        for (int round = 0; round < 2000; round++)
        {
            byte[] broken = [.. whole];
            for (int n = 1 + random.NextInt(2); n > 0; n--)
            {
                broken[random.NextInt(broken.Length)] = (byte)random.NextInt(256);
            }

            rows.Add(broken);
        }

        IReadOnlyList<EventOutcome> outcomes = await _workspace.ChangeRowsAsync(EntityRole.Item, RowChange.Patch, null, rows);

        int refused = outcomes.Count(outcome => outcome.Fault is not null);
        Assert.True(refused > 1000, $"Seed {Seed}: only {refused} refused");
    }

    private async Task<EventOutcome> ChangeAsync(RowChange change, string id, string row) =>
        Assert.Single(await _workspace.ChangeRowsAsync(EntityRole.Item, change, id, Lines(row)));

    private async Task<string[]> RecommendAsync(string? category = null)
    {
        RecommendRequest request = new() { UserId = "u1", Count = 30, ExcludeSeen = false };
        RecommendResponse answer = await _workspace.RecommendAsync(category is null ? request : request with
        {
            Filters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["category"] = [category] },
        });
        return [.. answer.Items.Select(item => item.Id)];
    }

    private async Task<List<string>> RowsAsync(string item)
    {
        List<string> rows = [];
        await foreach (JournalBatch batch in _workspace.Journal.ReadAsync(_workspace.Journal.Begin))
        {
            rows.AddRange(batch.Events
                .Where(record => record.Type == "thing" && record.Entities[0].Id == item)
                .Select(record => Encoding.UTF8.GetString(record.Data.Span)));
        }

        return rows;
    }

    private static ReadOnlyMemory<byte>[] Lines(params string[] rows) => [.. rows.Select(SmallWorkspace.Bytes)];
}
