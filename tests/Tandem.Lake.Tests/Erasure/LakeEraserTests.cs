using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Events;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests.Erasure;

public sealed class LakeEraserTests
{
    private const int Seed = 20260801;

    private static readonly LakeTable Play = new()
    {
        Name = "play",
        Entities = ["user", "item"],
        Columns = [new("note", LakeType.Text), new("tags", LakeType.TextList), new("n", LakeType.Whole)],
    };

    [Theory]
    [InlineData("u3")]
    [InlineData("3")]
    [InlineData("née \"Ü\"")]
    [InlineData("o'brien\\")]
    public async Task Erase_OverAnyEvents_LeavesEveryManifestWithTheRowsOfOthersOnly(string id)
    {
        using LakeBench bench = new(Play);
        Random random = new(Seed);
        List<(JsonObject Event, long Manifest)> sent = [];
        for (int manifest = 1; manifest <= 4; manifest++)
        {
            for (int i = 0; i < 40; i++)
            {
                JsonObject made = Event(sent.Count, id, random);
                sent.Add((made, manifest));
                bench.Journal.Add(made.ToJsonString());
            }

            await bench.Lake.CompactAsync(bench.Journal);
        }

        ErasedPerson person = new("user", id);
        string[] before = Files(bench);
        LakeErasure planned = await bench.Lake.EraseAsync(person, isDryRun: true);
        Assert.Equal(before, Files(bench), StringComparer.Ordinal);

        LakeErasure done = await bench.Lake.EraseAsync(person);
        LakeErasure left = await bench.Lake.EraseAsync(person, isDryRun: true);

        long named = sent.Count(one => Names(one.Event, id));
        Assert.True(named > 0, $"Seed {Seed}");
        Assert.Equal((named, named, 0), (planned.Rows, done.Rows, left.Rows));
        Assert.Equal([1L, 2, 3, 4], done.Manifests);
        for (int manifest = 1; manifest <= 4; manifest++)
        {
            using LakeSnapshot snapshot = await bench.Lake.SnapshotAsync(manifest);
            string[] expected =
            [
                .. sent.Where(one => one.Manifest <= manifest && !Names(one.Event, id))
                    .Select(one => one.Event["id"]!.GetValue<string>()),
            ];
            Assert.Equal(expected, LakeBench.Rows(snapshot, "play", "event_id"), StringComparer.Ordinal);
            Assert.Equal(expected.Length, snapshot.Manifest.RowCount);
            Assert.Equal(
                sent.Count(one => one.Manifest <= manifest && Names(one.Event, id)), snapshot.Manifest.Erased);
        }

        using LakeSnapshot last = await bench.Lake.SnapshotAsync();
        Assert.Equal(
            last.Manifest.Tables.SelectMany(static t => t.Parts).Select(static p => p.Key).Order(StringComparer.Ordinal),
            Files(bench), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Erase_ThenCompact_GoesOnFromWhereTheLakeWas()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line("a", "u1"), Line("b", "u2"));
        await bench.Lake.EraseAsync(new ErasedPerson("user", "u1"));

        using LakeSnapshot snapshot = await bench.CompactAsync(Line("c", "u3"), Line("b", "u2"));

        Assert.Equal(["b", "c"], LakeBench.Rows(snapshot, "play", "event_id"));
        Assert.Equal(2, snapshot.Manifest.Number);
    }

    private static string Line(string id, string user) =>
        $$"""{"id":"{{id}}","type":"play","entities":{"user":"{{user}}"},"time":"2026-01-01T00:00:00.000000Z"}""";

    private static string[] Files(LakeBench bench) =>
    [
        .. Directory.GetFiles(bench.Root, "*.parquet", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(bench.Root, path)).Order(StringComparer.Ordinal),
    ];

    private static JsonObject Event(int n, string id, Random random)
    {
        JsonObject data = new() { ["n"] = 3 };
        switch (random.Next(8))
        {
            case 0:
                data["note"] = id;
                break;
            case 1:
                data["tags"] = new JsonArray("a", id);
                break;
            case 2:
                data["undeclared"] = new JsonObject { ["deep"] = new JsonArray(1, id) };
                break;
            case 3:
                data["near"] = id + "x";
                data[id] = "key";
                break;
            default:
                break;
        }

        JsonObject entities = new() { ["user"] = random.Next(5) == 0 ? id : $"u{10 + random.Next(9)}" };
        entities[random.Next(2) == 0 ? "item" : "stranger"] = id;
        return new JsonObject
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"e{n}"),
            ["type"] = "play",
            ["entities"] = entities,
            ["time"] = $"2026-01-0{1 + random.Next(3)}T00:00:00.000000Z",
            ["known"] = "2026-02-01T00:00:00.000000Z",
            ["features"] = random.Next(9) == 0 ? new JsonObject { ["friend"] = id } : new JsonObject { ["x"] = 1 },
            ["data"] = data,
        };
    }

    /// <summary>The rule, said a second time: any string value, but other entities'.</summary>
    private static bool Names(JsonObject made, string id) =>
        made["entities"]!["user"]!.GetValue<string>() == id || Holds(made["data"], id) || Holds(made["features"], id);

    private static bool Holds(JsonNode? node, string id) => node switch
    {
        JsonValue value => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == id,
        JsonArray array => array.Any(item => Holds(item, id)),
        JsonObject members => members.Any(member => Holds(member.Value, id)),
        _ => false,
    };
}
