using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Registry;
using Tandem.Serving;

namespace Tandem.Workspace.Tests;

public sealed class RetentionTests
{
    private const int Users = 40;
    private const int Items = 30;

    // What the last act was, so that the other system can do the same.
    private (RowChange Change, EntityRole Role, string? Id, string[] Lines)? _act;

    private static readonly (string Column, string Value)?[] Filters =
    [
        null, ("category", "g0"), ("category", "g1"), ("category", "g2"), ("shelf", "s0"), ("shelf", "s1"), ("shelf", "s2"),
    ];

    private static readonly JournalRetention Nothing = new() { Bytes = 0 };

    private static readonly FileJournalOptions FewIds = new()
    {
        Folder = "log",
        Durability = Durability.None,
        RememberedIdCount = 30,
        SegmentBytes = 4096,
    };

    /// <summary>Two systems live through the same random days: late plays, plays sent again beyond the window of ids, rows
    /// put, patched and deleted. One keeps its log and runs on; the other is compacted, trimmed and restarted at random.
    /// They answer alike.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RestartedBehindATrimmedLog_AnswersAsTheOneThatReadAll(ulong seed)
    {
        SeededRandom random = new(seed);
        using SmallWorkspace keepingFolder = Rich();
        using SmallWorkspace trimmingFolder = Rich();
        await using TandemWorkspace keeping = await keepingFolder.OpenAsync();
        TandemWorkspace trimming = await trimmingFolder.OpenAsync();
        foreach ((SmallWorkspace folder, TandemWorkspace workspace) in ((SmallWorkspace, TandemWorkspace)[])
            [(keepingFolder, keeping), (trimmingFolder, trimming)])
        {
            await workspace.StartServingAsync();
            await folder.RecordAsync(workspace);
            await workspace.CompactAsync();
            await workspace.TrainAsync(TrainingCause.Manual);
        }

        List<string> sent = [];
        int trims = 0;
        for (int step = 0; step < 60; step++)
        {
            string where = $"seed {seed}, step {step}";
            string?[] kept = await ActAsync(random, step, sent, keepingFolder, keeping);
            string?[] same = await RepeatAsync(trimming);
            Assert.True(kept.SequenceEqual(same, StringComparer.Ordinal), where);
            var pause = TimeSpan.FromMinutes(random.NextInt(30));
            keepingFolder.Clock.Advance(pause);
            trimmingFolder.Clock.Advance(pause);
            if (random.NextInt(6) == 0)
            {
                await trimming.CompactAsync();
            }

            if (random.NextInt(6) == 0)
            {
                trims += (await trimming.TrimLogAsync(Nothing)).Removed.Count > 0 ? 1 : 0;
            }

            if (random.NextInt(12) == 0 || step == 59)
            {
                await trimming.DisposeAsync();
                trimming = await trimmingFolder.OpenAsync();
                await trimming.StartServingAsync();
                AssertAlike(keeping, trimming, where);
            }
        }

        await using (trimming)
        {
            Assert.True(trims > 0, $"seed {seed}: trimmed {trims} times");
            Assert.NotEqual(default, trimming.Journal.Begin);
            await AssertRowsAlikeAsync(keeping, trimming, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Trim_KeepsWhatTheLakeDoesNotHold_AndWhatAReaderHasBeforeIt()
    {
        using SmallWorkspace small = new() { Journal = FewIds with { RememberedIdCount = 0 } };
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.Journal.SealAsync();

        JournalTrim early = await workspace.TrimLogAsync(Nothing);
        await workspace.CompactAsync();
        NamedReader reader = await NamedReaders.SetAsync(small.LogFolder, "export", null, small.Clock.Now);
        JournalTrim held = await workspace.TrimLogAsync(Nothing);
        LogSnapshot shown = workspace.Snapshot().Log;
        await NamedReaders.RemoveAsync(small.LogFolder, reader.Name);
        JournalTrim free = await workspace.TrimLogAsync(Nothing);

        Assert.Equal((0, JournalHoldKind.Lake), (early.Removed.Count, early.Hold?.Kind));
        Assert.Equal((0, "export"), (held.Removed.Count, held.Hold?.Name));
        Assert.Equal(("export", held.HeldBytes, 0L), (shown.HeldBy, shown.HeldBytes, shown.BeginPosition));
        Assert.NotEmpty(free.Removed);
        LogSnapshot after = workspace.Snapshot().Log;
        Assert.Equal((null, 0L, workspace.Journal.Begin.Offset), (after.HeldBy, after.HeldBytes, after.BeginPosition));
    }

    [Fact]
    public async Task Tick_WithRetention_TrimsBehindTheCompaction()
    {
        using SmallWorkspace small = new() { Journal = FewIds with { RememberedIdCount = 0 }, Retention = new() { Age = TimeSpan.FromHours(1) } };
        await using TandemWorkspace workspace = await small.OpenAsync();
        await workspace.StartServingAsync();
        await small.RecordAsync(workspace);
        await workspace.TickAsync();
        JournalPosition young = workspace.Journal.Begin;

        small.Clock.Advance(TimeSpan.FromHours(2));
        await workspace.TickAsync();

        Assert.Null(workspace.Problem);
        Assert.Equal(default, young);
        Assert.NotEqual(default, workspace.Journal.Begin);
        await small.RecordAsync(workspace, people: 41);
        Assert.Equal(12, workspace.ReadHistory("u40").Length);
    }

    [Fact]
    public async Task Trim_WithoutAWordOnWhatStays_IsRefused()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => workspace.TrimLogAsync());

        Assert.Equal("WSP042", refused.Fault.Code);
    }

    [Fact]
    public async Task DryRun_BesideTheProcessThatWrites_TellsWhatItsTrimWouldRemove()
    {
        using SmallWorkspace small = new() { Journal = FewIds with { RememberedIdCount = 0 } };
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();

        await using TandemWorkspace reader = await small.OpenReaderAsync();
        JournalTrim told = await reader.TrimLogAsync(Nothing, isDryRun: true);
        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => reader.TrimLogAsync(Nothing));
        JournalTrim done = await workspace.TrimLogAsync(Nothing);

        Assert.Equal("WSP008", refused.Fault.Code);
        Assert.NotEmpty(told.Removed);
        Assert.Equal(told.Removed, done.Removed);
    }

    [Fact]
    public async Task Forget_BehindATrimmedLog_FindsThePersonInTheLake()
    {
        using SmallWorkspace small = new() { Journal = FewIds with { RememberedIdCount = 0 } };
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        Assert.NotEmpty((await workspace.TrimLogAsync(Nothing)).Removed);

        ForgetReceipt receipt = await workspace.ForgetAsync("user", "u7");

        Assert.NotEmpty(receipt.LakeFiles);
        Assert.Empty(small.TextFilesWith("\"u7\""));
        Assert.DoesNotContain("u7", (await workspace.ReadInteractionsAsync()).Keys, StringComparer.Ordinal);
    }

    private static SmallWorkspace Rich()
    {
        SmallWorkspace small = new() { Journal = FewIds };
        small.Mend(
            "  thing:\n",
            """
              look: [user, item]
              search: {entities: user, columns: {words: text}}
              offer: {kind: table, entities: item, columns: {shelf: text}}
              person: {kind: table, entities: user, columns: {city: text, age: whole}}
              thing:

            """);
        small.Mend(
            "      category: text\n",
            "      category: text\n      price: number\n      stars: whole\n      tags: texts\n"
            + "      shape: numbers\n      since: time\n      fresh: flag\n");
        small.Mend("features:\n", "entities:\n  user: {table: person}\n  item: {table: thing}\nfeatures:\n");
        return small;
    }

    private async Task<string?[]> ActAsync(
        SeededRandom random, int step, List<string> sent, SmallWorkspace small, TandemWorkspace workspace)
    {
        string item = $"v{random.NextInt(Items)}";
        string user = $"u{random.NextInt(Users)}";
        string[] lines = [];
        _act = null;
        switch (random.NextInt(10))
        {
            case 0:
                _act = (RowChange.Put, EntityRole.Item, item, [$$"""{"data":{{Columns(random, step)}} }"""]);
                break;
            case 1 or 2:
                // Several at once, some of them of one item.
                _act = (RowChange.Patch, EntityRole.Item, null,
                    [.. Enumerable.Range(0, 4).Select(n =>
                        $$"""{"id":"v{{random.NextInt(Items)}}","data":{{Columns(random, (step * 4) + n)}} }""")]);
                break;
            case 3 when random.NextInt(2) == 0:
                _act = (RowChange.Delete, EntityRole.Item, item, ["{}"]);
                break;
            case 4:
                _act = (random.NextInt(2) == 0 ? RowChange.Put : RowChange.Patch, EntityRole.User, user,
                    [$$"""{"data":{"city":"c{{random.NextInt(3)}}","n{{random.NextInt(5)}}":{{step}} } }"""]);
                break;
            case 5:
                lines =
                [
                    $$"""{"id":"o{{step}}","type":"offer","entities":{"item":"{{item}}" },"data":{"shelf":"s{{random.NextInt(3)}}"} }""",
                    $$"""{"id":"l{{step}}","type":"look","entities":{"user":"{{user}}","item":"v{{random.NextInt(Items)}}" } }""",
                    $$"""{"id":"s{{step}}","type":"search","entities":{"user":"{{user}}","item":"v{{random.NextInt(Items)}}" },"data":{"words":"a"} }""",
                ];
                break;
            case 6 when sent.Count > 0:
                lines = [.. Enumerable.Range(0, 3).Select(_ => sent[random.NextInt(sent.Count)])];
                break;
            default:
                lines =
                [
                    .. Enumerable.Range(0, 1 + random.NextInt(12)).Select(n => small.Play(
                        random.NextInt(Users), random.NextInt(Items),
                        TimeSpan.FromSeconds(random.NextInt(9 * 86400) + (step / 1000.0)), random.NextInt(10) / 10.0)),
                ];
                sent.AddRange(lines);
                break;
        }

        _act ??= (default, default, "", lines);
        return await RepeatAsync(workspace);
    }

    private async Task<string?[]> RepeatAsync(TandemWorkspace workspace)
    {
        (RowChange change, EntityRole role, string? id, string[] lines) = _act!.Value;
        ReadOnlyMemory<byte>[] bytes = [.. lines.Select(SmallWorkspace.Bytes)];
        IReadOnlyList<EventOutcome> outcomes = id is ""
            ? await workspace.IngestAsync(bytes)
            : await workspace.ChangeRowsAsync(role, change, id, bytes);
        return [.. outcomes.Select(outcome => outcome.Fault?.Code)];
    }

    private static string Columns(SeededRandom random, int number)
    {
        string[] all =
        [
            $"\"category\":\"g{random.NextInt(3)}\"", $"\"price\":{number}.5", $"\"stars\":{number}",
            """
            "tags":["a \"b\"","ä"]
            """, "\"shape\":[0.1,2,-3.5]", "\"since\":\"2026-01-02T03:04:05Z\"", "\"fresh\":true",
            $$"""
            "free":{"n":[{{number}},null]}
            """, "\"ö\\u0041\":null", "\"odd\":1e300", "\"category\":null",
        ];
        return $"{{{string.Join(',', all.Where(_ => random.NextInt(3) == 0).DistinctBy(text => text[..6], StringComparer.Ordinal))}}}";
    }

    private static void AssertAlike(TandemWorkspace keeping, TandemWorkspace trimming, string where)
    {
        for (int user = 0; user < Users; user++)
        {
            string id = $"u{user}";
            Assert.True(
                keeping.ReadHistory(id).SequenceEqual(trimming.ReadHistory(id), StringComparer.Ordinal),
                $"{where}: the history of {id}");
            DateTimeOffset now = keeping.Snapshot().Time;
            Assert.Equal(
                keeping.Features.Read("user_activity", "plays_7d", id, now),
                trimming.Features.Read("user_activity", "plays_7d", id, now));
            foreach ((string Column, string Value)? filter in Filters)
            {
                string kept = Answer(keeping, id, filter);
                Assert.True(kept == Answer(trimming, id, filter), $"{where}: what {id} is shown of {filter}");
            }
        }
    }

    private static string Answer(TandemWorkspace workspace, string user, (string Column, string Value)? filter)
    {
        Dictionary<string, IReadOnlyList<string>> filters = new(StringComparer.Ordinal);
        if (filter is { } one)
        {
            filters.Add(one.Column, [one.Value]);
        }

        // Without a filter it tells what the user met, with one what the catalogue holds.
        RecommendResponse answer = workspace.Predictor.Recommend(new RecommendRequest
        {
            UserId = user,
            Count = Items,
            ExcludeSeen = filter is null,
            Explore = false,
            Filters = filters,
        });
        return string.Join(
            ' ', answer.Items.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Id}:{item.Score}")));
    }

    /// <summary>A patch of nothing writes the row before it once more: from the log of one, from the lake of the
    /// other.</summary>
    private static async Task AssertRowsAlikeAsync(TandemWorkspace keeping, TandemWorkspace trimming, string where)
    {
        ReadOnlyMemory<byte>[] rows =
            [.. Enumerable.Range(0, Items).Select(item => SmallWorkspace.Bytes($$"""{"id":"v{{item}}","data":{} }"""))];
        JournalPosition[] ends = [keeping.Journal.End, trimming.Journal.End];
        await keeping.ChangeRowsAsync(EntityRole.Item, RowChange.Patch, null, rows);
        await trimming.ChangeRowsAsync(EntityRole.Item, RowChange.Patch, null, rows);

        List<EventRecord> kept = await NewRowsAsync(keeping, ends[0]);
        List<EventRecord> trimmed = await NewRowsAsync(trimming, ends[1]);

        Assert.NotEmpty(kept);
        Assert.Equal(kept.Select(row => row.Entities[0]), trimmed.Select(row => row.Entities[0]));
        for (int i = 0; i < kept.Count; i++)
        {
            JsonNode left = Known(kept[i]);
            JsonNode right = Known(trimmed[i]);
            Assert.True(JsonNode.DeepEquals(left, right), $"{where}, {kept[i].Entities[0].Id}: {left} and {right}");
        }
    }

    private static async Task<List<EventRecord>> NewRowsAsync(TandemWorkspace workspace, JournalPosition from) =>
        await workspace.Journal.ReadAsync(from).SelectMany(batch => batch.Events).ToListAsync();

    // A column sent as null is a column without a value.
    private static JsonObject Known(EventRecord row)
    {
        JsonObject data = row.Data.IsEmpty ? [] : JsonSerializer.Deserialize<JsonObject>(row.Data.Span)!;
        foreach (string name in data.Where(column => column.Value is null).Select(column => column.Key).ToArray())
        {
            data.Remove(name);
        }

        return data;
    }
}
