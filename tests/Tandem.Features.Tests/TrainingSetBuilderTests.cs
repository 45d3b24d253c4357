using System.Globalization;
using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class TrainingSetBuilderTests
{
    private readonly ITestOutputHelper _output;

    public TrainingSetBuilderTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(21, true)]
    [InlineData(22, false)]
    [InlineData(23, true)]
    public async Task Build_OverARandomHistory_EqualsPlainLoopsAndTheOnlineStore(ulong seed, bool isInKnownOrder)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 800, isInKnownOrder);
        if (isInKnownOrder)
        {
            log = RandomHistory.WithDuplicates(ref random, log);
        }

        DateTimeOffset end = RandomHistory.Start.AddDays(25);
        Spine spine = RandomSpine(ref random, 120, end);
        var set = FeatureSet.Create(TestSystem.Views);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(log);

        TrainingSet training = await TrainingSetBuilder.BuildAsync(snapshot, spine, set, end);

        AssertEqualsOracle(training, log, set);
        var online = new FeatureStore(TestSystem.Views);
        await online.RestoreAsync(snapshot);
        await foreach (JournalBatch batch in lake.Journal.ReadAsync(online.AppliedUntil))
        {
            online.Apply(batch);
        }

        AssertLastRowsEqualOnline(training, set, online, end);
        Assert.Equal(lake.Journal.End, online.AppliedUntil);
    }

    [Fact]
    public async Task Build_Twice_GivesTheSameHash_AndAnotherOneForOtherData()
    {
        var random = new SeededRandom(5);
        List<EventRecord> log = RandomHistory.Events(ref random, 200, isInKnownOrder: true);
        DateTimeOffset end = RandomHistory.Start.AddDays(25);
        Spine spine = RandomSpine(ref random, 20, end);
        var set = FeatureSet.Create(TestSystem.Views);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(log);

        TrainingSet first = await TrainingSetBuilder.BuildAsync(snapshot, spine, set, end);
        TrainingSet again = await TrainingSetBuilder.BuildAsync(snapshot, spine, set, end);
        TrainingSet other = await TrainingSetBuilder.BuildAsync(
            snapshot, spine with { Labels = [.. spine.Labels.Select(l => 1 - l)] }, set, end);

        Assert.Equal(first.Hash, again.Hash);
        Assert.NotEqual(first.Hash, other.Hash, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Load_OfASavedSet_GivesTheSameSet_AndRefusesDamagedBytes()
    {
        var random = new SeededRandom(6);
        DateTimeOffset end = RandomHistory.Start.AddDays(25);
        Spine spine = RandomSpine(ref random, 20, end);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(
            RandomHistory.Events(ref random, 200, isInKnownOrder: true));
        TrainingSet built = await TrainingSetBuilder.BuildAsync(
            snapshot, spine, FeatureSet.Create(TestSystem.Views), end);

        await built.SaveAsync(lake.Store);
        TrainingSet loaded = await TrainingSet.LoadAsync(lake.Store, built.Hash);

        Assert.Equal(built.Hash, loaded.Hash);
        Assert.Equal(built.Values.Select(BitConverter.SingleToInt32Bits), loaded.Values.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(built.Spine.Times, loaded.Spine.Times);
        Assert.Equal(built.Spine.Ids, loaded.Spine.Ids);
        Assert.Equal(built.Spine.Labels, loaded.Spine.Labels);
        Assert.Equal(built.Spine.Parts, loaded.Spine.Parts);
        Assert.Equal(built.Description.AsOf, loaded.Description.AsOf);
        string table = $"sets/{built.Hash["sha256:".Length..]}/table.bin";
        await lake.Store.PutAsync(table, new byte[64]);
        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => TrainingSet.LoadAsync(lake.Store, built.Hash));
        Assert.Equal("STO004", refused.Fault.Code);
    }

    [Fact]
    public async Task Build_WithARowAfterTheAsOfMoment_IsRefused()
    {
        var random = new SeededRandom(7);
        Spine spine = RandomSpine(ref random, 20, RandomHistory.Start.AddDays(25));
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.Lake.SnapshotAsync();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => TrainingSetBuilder.BuildAsync(
            snapshot, spine, FeatureSet.Create(TestSystem.Views), RandomHistory.Start));

        Assert.Equal("FEA011", refused.Fault.Code);
    }

    [SharedDataFact]
    public async Task Build_OnFeastsPointInTimeCases_GivesFeastsAnswers()
    {
        JsonElement fixture = Fixture("feast_pit_join");
        List<EventRecord> rows = [];
        foreach (JsonElement row in fixture.GetProperty("features(customer,event_ts,created,feature1)").EnumerateArray())
        {
            rows.Add(Row(rows.Count, row[0].GetRawText(), row[1].GetString()!, row[2].GetString()!, row[3].GetRawText()));
        }

        JsonElement[] entity = [.. fixture.GetProperty("entity").EnumerateArray()];

        float[] values = await JoinAsync(
            rows, TimeSpan.FromDays(fixture.GetProperty("ttl_days").GetInt32()),
            [.. entity.Select(e => e[0].GetRawText())], [.. entity.Select(e => e[1].GetString()!)]);

        float[] expected =
        [
            .. fixture.GetProperty("expected_feature1").EnumerateArray()
                .Select(v => v.ValueKind == JsonValueKind.Null ? float.NaN : v.GetSingle()),
        ];
        Assert.Equal(expected, values);
    }

    [SharedDataFact]
    public async Task Build_OnFeastsCreatedTimestampCase_LeavesOutWhatWasNotKnown()
    {
        JsonElement fixture = Fixture("feast_filter_by_created");
        List<EventRecord> rows = [];
        foreach (JsonElement row in fixture.GetProperty("rows(driver,event,created,val)").EnumerateArray())
        {
            rows.Add(Row(rows.Count, row[0].GetRawText(), row[1].GetString()!, row[2].GetString()!, row[3].GetRawText()));
        }

        // The second entity row lies before anything was known, the third is a driver without rows.
        string[] moments = [fixture.GetProperty("entity")[1].GetString()!, "2025-01-01T11:00Z", "2025-01-02T00:00Z"];
        float[] values = await JoinAsync(rows, null, ["1", "1", "2"], moments);

        Assert.Equal([fixture.GetProperty("filter_by_created_timestamp").GetSingle(), float.NaN, float.NaN], values);
    }

    private static JsonElement Fixture(string name)
    {
        using var all = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("fixtures/expected.json")));
        return all.RootElement.GetProperty(name).Clone();
    }

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static EventRecord Row(int number, string id, string time, string known, string value) => new()
    {
        Id = $"r{number}",
        Type = "rows",
        Entities = [new EntityKey("customer", id)],
        EventTime = Moment(time),
        KnownTime = Moment(known),
        Data = Encoding.UTF8.GetBytes($$"""{"value":{{value}}}"""),
    };

    /// <summary>Joins a table to entity rows offline, and checks that replaying the table gives the same.</summary>
    private static async Task<float[]> JoinAsync(
        List<EventRecord> rows, TimeSpan? timeToLive, string[] ids, string[] moments)
    {
        SystemSpec spec = TestSystem.Spec with
        {
            Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
            {
                ["rows"] = new()
                {
                    Kind = SourceKind.Table,
                    Entities = ["customer"],
                    Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
                    {
                        ["value"] = new() { Type = ColumnType.Number },
                    },
                },
            },
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["joined"] = TestSystem.View("customer", "rows", TestSystem.Feature("value", "last", "value", null)) with
                {
                    TimeToLive = timeToLive,
                },
            },
        };
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(spec);
        await using TestLake lake = await TestLake.OpenAsync(spec);
        using LakeSnapshot snapshot = await lake.FillAsync(rows);
        var spine = new Spine
        {
            Entities = ["customer"],
            Ids = [ids],
            Times = [.. moments.Select(m => LakeTime.ToMicros(Moment(m)))],
        };
        TrainingSet set = await TrainingSetBuilder.BuildAsync(
            snapshot, spine, FeatureSet.Create(views), Moment("2030-01-01"));
        var online = new FeatureStore(views, new FeatureStoreOptions { LookBack = TimeSpan.FromDays(4000) });
        await online.RestoreAsync(snapshot);
        Assert.Equal(
            set.Values,
            ids.Zip(moments, (id, m) => (float)online.Read("joined", "value", id, Moment(m)).Number).ToArray());
        return set.Values;
    }

    private static Spine RandomSpine(ref SeededRandom random, int count, DateTimeOffset end)
    {
        string[] users = new string[count];
        string[] items = new string[count];
        long[] times = new long[count];
        for (int row = 0; row < count; row++)
        {
            users[row] = "u" + random.NextInt(RandomHistory.Users + 1).ToString(CultureInfo.InvariantCulture);
            items[row] = "i" + random.NextInt(RandomHistory.Items + 1).ToString(CultureInfo.InvariantCulture);
            bool isLast = row >= count - 10;
            times[row] = LakeTime.ToMicros(
                isLast ? end : RandomHistory.Start.AddMinutes(10 * random.NextInt(25 * 24 * 6)));
        }

        return new Spine
        {
            Entities = ["user", "item"],
            Ids = [users, items],
            Times = times,
            Labels = [.. users.Select((_, row) => (float)(row % 2))],
            Parts = [.. users.Select((_, row) => row % 3 == 0 ? "test" : "train")],
        };
    }

    private static void AssertEqualsOracle(TrainingSet training, List<EventRecord> log, FeatureSet set)
    {
        for (int row = 0; row < training.RowCount; row++)
        {
            DateTimeOffset asOf = LakeTime.FromMicros(training.Spine.Times[row]);
            for (int f = 0; f < set.Count; f++)
            {
                string[] name = set.Names[f].Split(':');
                string id = set.EntityOf(f) == "user" ? training.Spine.Ids[0][row] : training.Spine.Ids[1][row];
                AggregateSpec feature = TestSystem.Spec.Features[name[0]].Aggregates
                    .Single(a => a.Name == name[1].Split('.')[0]);
                double expected = Oracle.Values(log, TestSystem.Spec, name[0], feature, id, asOf)
                    .Single(value => value.Name == name[1]).Value.Number;
                float actual = training.Row(row)[f];
                Assert.True(
                    BitConverter.SingleToInt32Bits((float)expected) == BitConverter.SingleToInt32Bits(actual)
                        || Oracle.AreEqual(feature, FeatureValue.Of((float)expected), FeatureValue.Of(actual)),
                    $"{set.Names[f]} of {id} as of {asOf:O}: {expected:R} but {actual:R}");
            }
        }
    }

    private static void AssertLastRowsEqualOnline(
        TrainingSet training, FeatureSet set, FeatureStore online, DateTimeOffset end)
    {
        FeatureReader reader = online.Reader(set);
        float[] values = new float[set.Count];
        for (int row = training.RowCount - 10; row < training.RowCount; row++)
        {
            reader.Read("user", training.Spine.Ids[0][row], end, values);
            reader.Read("item", training.Spine.Ids[1][row], end, values);
            reader.Read(FeatureView.GlobalEntity, "", end, values);
            Assert.Equal(training.Row(row).ToArray(), values);
        }
    }
}
