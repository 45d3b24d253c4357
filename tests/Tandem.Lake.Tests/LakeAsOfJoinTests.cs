using System.Globalization;
using System.Text.Json;
using Tandem.Lake.Tests.Support;
using Tandem.Testing;

namespace Tandem.Lake.Tests;

public sealed class LakeAsOfJoinTests
{
    private static readonly LakeTable Rate = new()
    {
        Name = "rate",
        Entities = ["driver", "area"],
        Columns = [new("value", LakeType.Number)],
    };

    [SharedDataFact]
    public async Task JoinAsOf_OfFeastsPointInTimeCase_GivesFeastsAnswer()
    {
        using var fixtures = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedData.Find("fixtures/expected.json")));
        JsonElement expected = fixtures.RootElement.GetProperty("feast_pit_join");
        List<Row> rows = [];
        foreach (JsonElement row in expected.GetProperty("features(customer,event_ts,created,feature1)").EnumerateArray())
        {
            rows.Add(new Row($"{row[0]}", null, Micros(row[1].GetString()!), Micros(row[2].GetString()!), row[3].GetDouble()));
        }

        LakeSpine spine = new();
        foreach (JsonElement entity in expected.GetProperty("entity").EnumerateArray())
        {
            spine.Add(Micros(entity[1].GetString()!), $"{entity[0]}");
        }

        double?[] joined = await JoinAsync(rows, spine, new LakeAsOfJoin
        {
            Table = "rate",
            Keys = ["driver"],
            Columns = ["value"],
            TimeToLive = TimeSpan.FromDays(expected.GetProperty("ttl_days").GetInt32()),
            AsKnown = false,
        });

        Assert.Equal(
            expected.GetProperty("expected_feature1").EnumerateArray().Select(
                static value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble()),
            joined);
    }

    [SharedDataFact]
    public async Task JoinAsOf_OfFeastsCreatedCase_SeesOnlyWhatWasKnown()
    {
        using var fixtures = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedData.Find("fixtures/expected.json")));
        JsonElement expected = fixtures.RootElement.GetProperty("feast_filter_by_created");
        List<Row> rows = [];
        foreach (JsonElement row in expected.GetProperty("rows(driver,event,created,val)").EnumerateArray())
        {
            rows.Add(new Row($"{row[0]}", null, Micros(row[1].GetString()!), Micros(row[2].GetString()!), row[3].GetDouble()));
        }

        JsonElement entity = expected.GetProperty("entity");
        LakeSpine spine = new();
        spine.Add(Micros(entity[1].GetString()!), $"{entity[0]}");
        spine.Add(Micros("2025-01-01T11:00Z"), $"{entity[0]}");
        spine.Add(Micros("2025-01-09T00:00Z"), "somebody else");
        LakeAsOfJoin join = new() { Table = "rate", Keys = ["driver"], Columns = ["value"] };

        double?[] known = await JoinAsync(rows, spine, join);
        double?[] all = await JoinAsync(rows, spine, join with { AsKnown = false });

        Assert.Equal([expected.GetProperty("filter_by_created_timestamp").GetDouble(), null, null], known);
        Assert.Equal(expected.GetProperty("default").GetDouble(), all[0]);
    }

    [Fact]
    public async Task JoinAsOf_OfRandomHistories_FindsWhatLoopsFind()
    {
        for (int seed = 1; seed <= 12; seed++)
        {
            Random random = new(seed);
            List<Row> rows = [];
            for (int i = 0; i < 400; i++)
            {
                long time = random.Next(60);
                long known = time + (random.Next(3) == 0 ? random.Next(40) : random.Next(-1, 2));
                rows.Add(new Row(
                    random.Next(30) == 0 ? null : $"d{random.Next(4)}", $"a{random.Next(2)}",
                    random.Next(20) == 0 ? null : time, known, i));
            }

            LakeSpine spine = new(2);
            List<(long Time, string? Driver, string? Area)> asked = [];
            for (int i = 0; i < 300; i++)
            {
                asked.Add((random.Next(-5, 90), random.Next(30) == 0 ? null : $"d{random.Next(5)}", $"a{random.Next(3)}"));
                spine.Add(asked[i].Time, asked[i].Driver, asked[i].Area);
            }

            foreach ((long? life, bool asKnown, double least) in
                     new (long?, bool, double)[] { (null, true, 0), (7, true, 0), (0, true, 0), (7, false, 0), (null, true, 100) })
            {
                double?[] joined = await JoinAsync(rows, spine, new LakeAsOfJoin
                {
                    Table = "rate",
                    Keys = ["driver", "area"],
                    Columns = ["value"],
                    TimeToLive = life is { } micros ? TimeSpan.FromMicroseconds(micros) : null,
                    AsKnown = asKnown,
                    Where = [new LakeFilter("value", LakeComparison.GreaterOrEqual, least)],
                });

                double?[] expected = [.. asked.Select(row => Loop(rows, row, life, asKnown, least))];
                Assert.True(expected.SequenceEqual(joined), $"seed {seed}, life {life}, as known {asKnown}");
            }
        }
    }

    [Fact]
    public async Task JoinAsOf_OfAnEmptySpineOrTable_IsEmptyOrNull()
    {
        using LakeBench bench = new(Rate);
        using LakeSnapshot snapshot = await bench.Lake.SnapshotAsync();
        LakeAsOfJoin join = new() { Table = "rate", Keys = ["driver"], Columns = ["value", "event_time"] };
        LakeSpine one = new();
        one.Add(5, "d1");

        List<string> none = LakeBench.Rows(snapshot.JoinAsOf(new LakeSpine(), join));
        List<string> unmatched = LakeBench.Rows(snapshot.JoinAsOf(one, join));

        Assert.Empty(none);
        Assert.Equal(["0|-|-"], unmatched);
        Assert.Throws<ArgumentException>(() => snapshot.JoinAsOf(new LakeSpine(2), join));
        Assert.Throws<ArgumentException>(() => snapshot.JoinAsOf(one, join with { Keys = ["value"] }));
    }

    private static async Task<double?[]> JoinAsync(List<Row> rows, LakeSpine spine, LakeAsOfJoin join)
    {
        using LakeBench bench = new(Rate);
        using LakeSnapshot snapshot = await bench.CompactAsync([.. rows.Select(Line)]);
        using LakeReader reader = snapshot.JoinAsOf(spine, join);
        double?[] joined = new double?[spine.RowCount];
        int seen = 0;
        while (reader.Read())
        {
            for (int i = 0; i < reader.RowCount; i++, seen++)
            {
                joined[reader.Wholes(0)[i]] = reader.IsNull(1, i) ? null : reader.Numbers(1)[i];
            }
        }

        Assert.Equal(spine.RowCount, seen);
        return joined;
    }

    // The rule in plain words: of all rows that qualify the best by (event time, known time, place in the log).
    private static double? Loop(
        List<Row> rows, (long Time, string? Driver, string? Area) asked, long? life, bool asKnown, double least)
    {
        Row? best = null;
        foreach (Row row in rows)
        {
            bool qualifies = row.Driver is not null && row.Driver == asked.Driver && row.Area == asked.Area
                && row.Time is { } time && time <= asked.Time && (life is null || asked.Time - time <= life)
                && (!asKnown || row.Known <= asked.Time) && row.Value >= least;
            bool better = qualifies && (best is null || row.Time > best.Time
                || (row.Time == best.Time && row.Known >= best.Known));
            best = better ? row : best;
        }

        return best?.Value;
    }

    private static string Line(Row row, int index)
    {
        string driver = row.Driver is null ? "" : $"\"driver\":\"{row.Driver}\",";
        string time = row.Time is { } micros ? $"\"time\":\"{Text(micros)}\"," : "";
        return $$$"""{"id":"e{{{index}}}","type":"rate","entities":{{{{driver}}}"area":"{{{row.Area}}}"},{{{time}}}"known":"{{{Text(row.Known)}}}","data":{"value":{{{row.Value.ToString("R", CultureInfo.InvariantCulture)}}}}}""";
    }

    private static string Text(long micros) => LakeTime.FromMicros(micros).ToString(
        "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static long Micros(string time) => LakeTime.ToMicros(
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    private sealed record Row(string? Driver, string? Area, long? Time, long Known, double Value);
}
