using System.Globalization;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Testing;
using Tandem.Training;

namespace Tandem.Workspace.Tests;

/// <summary>Two towers that read what is known of people and things, in a whole system: people of two tastes choose things of two
/// categories.</summary>
public sealed class RetrievalTests
{
    [Theory]
    [InlineData("exact")]
    [InlineData("int8")]
    public async Task RecommendAsync_ForPeopleNeverMet_GoesByWhatIsKnownOfThem_AndTakesInWhatCame(string index)
    {
        using SmallWorkspace small = Create(index);
        await using TandemWorkspace workspace = await small.OpenAsync();
        await RecordAsync(small, workspace);
        await workspace.CompactAsync();
        await workspace.StartServingAsync();
        TrainingRun run = await workspace.TrainAsync(TrainingCause.Manual);

        // Tastes of people whom nobody met, and things that came after training; then the row of one is mended.
        await PushAsync(workspace, Person(small, 1000, "even"), Person(small, 1001, "odd"));
        await PushAsync(workspace, Thing(small, 100, "even"), Thing(small, 101, "even"));
        await PushAsync(workspace, Thing(small, 101, "odd", mark: "mended"));
        small.Clock.Advance(TimeSpan.FromSeconds(1));
        RecommendResponse even = await AskAsync(workspace, "u1000");
        RecommendResponse odd = await AskAsync(workspace, "u1001");
        RecommendResponse nobody = await AskAsync(workspace, "u1002");

        Assert.Equal("two_tower", run.Best);
        Assert.True(run.Verdict.IsPromoted, run.Verdict.Reason);
        Assert.All(even.Items, static item => Assert.Equal(0, NumberOf(item) % 2));
        Assert.All(odd.Items, static item => Assert.Equal(1, NumberOf(item) % 2));
        Assert.Contains(even.Items, static item => item.Id == "v100");
        Assert.Contains(odd.Items, static item => item.Id == "v101");
        Assert.All(even.Items, static item => Assert.Equal("two_tower", item.Source));
        Assert.All(nobody.Items, static item => Assert.Equal("fallback", item.Source));
        Assert.Equal(index == "int8", workspace.Predictor.Model!.Index is not null);
        Assert.Contains(workspace.Predictor.Similar("v1", 20).Items, static item => item.Id == "v101");
        Assert.Null(workspace.Problem);

        // A history with what came since is read by what is known of it.
        RecommendResponse since = workspace.Predictor.Recommend(new RecommendRequest { History = ["v100"], Count = 8 });
        Assert.All(since.Items, static item => Assert.Equal(0, NumberOf(item) % 2));
    }

    [Fact]
    public async Task StartServingAsync_AfterARestart_KnowsWhatCameSince_AndServesWhatTrainingReads()
    {
        using SmallWorkspace small = Create("exact");
        RecommendResponse before;
        await using (TandemWorkspace first = await small.OpenAsync())
        {
            await RecordAsync(small, first);
            await first.CompactAsync();
            await first.StartServingAsync();
            await first.TrainAsync(TrainingCause.Manual);
            await PushAsync(first, Person(small, 1000, "even"), Thing(small, 100, "even"), Thing(small, 101, "odd"));
            small.Clock.Advance(TimeSpan.FromSeconds(1));
            before = await AskAsync(first, "u1000");
        }

        await using TandemWorkspace second = await small.OpenAsync();
        await second.CompactAsync();
        await second.StartServingAsync();
        RecommendResponse after = await AskAsync(second, "u1000");
        TrainingRun again = await second.TrainAsync(TrainingCause.Manual);

        Assert.Equal(before.Items, after.Items);
        Assert.Equal(2, second.Predictor.Model!.Items.Count - 30);
        Assert.Equal(2, again.Version);
        ServedModel model = second.Predictor.Model;
        DateTimeOffset now = small.Clock.GetUtcNow();
        await AssertNoSkewAsync(second, model.UserInputs!, "user", ["u0", "u7", "u1000", "u9999"], now);
        await AssertNoSkewAsync(second, model.ItemInputs!, "item", ["v0", "v29", "v100", "v101", "v999"], now);
    }

    [Fact]
    public async Task Recommend_OfAModelThatReadsUsers_InSteadyState_AllocatesItsAnswerAndLittleElse()
    {
        using SmallWorkspace small = Create("exact");
        await using TandemWorkspace workspace = await small.OpenAsync();
        await RecordAsync(small, workspace);
        await workspace.CompactAsync();
        await workspace.StartServingAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        await PushAsync(workspace, Thing(small, 100, "even"));
        RecommendRequest request = new() { UserId = "u4", Count = 8 };
        for (int i = 0; i < 200; i++)
        {
            workspace.Predictor.Recommend(request);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                workspace.Predictor.Recommend(request);
            }
        });

        Assert.InRange(allocated / 100, 0, 1600);
    }

    /// <summary>What serving reads now is, bit for bit, what training reads from the lake as of the same moment.</summary>
    private static async Task AssertNoSkewAsync(
        TandemWorkspace workspace, ServedEntity served, string entity, string[] ids, DateTimeOffset now)
    {
        AttributeRows online = served.Read(ids, now);
        await workspace.CompactAsync();
        using LakeSnapshot snapshot = await workspace.Lake.SnapshotAsync();
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(workspace.Spec);
        FeatureEncoders encoders = served.Encoders;
        Spine spine = new() { Entities = [entity], Ids = [ids], Times = [.. ids.Select(_ => LakeTime.ToMicros(now))] };
        EncodedRows offline = encoders.Encode(new EncoderRows
        {
            Numbers = encoders.Numbers,
            Values = (await TrainingSetBuilder.BuildAsync(
                snapshot, spine, FeatureSet.Create(views, encoders.Numbers), now)).Values,
            Texts = await TextJoin.BuildAsync(snapshot, spine, views, encoders.Texts, now),
            Labels = new float[ids.Length],
            Times = spine.Times,
            IsTraining = new bool[ids.Length],
        });

        Assert.Equal(offline.Dense, online.Dense);
        Assert.Equal(offline.Starts, online.Starts);
        Assert.Equal(offline.Columns, online.Columns);
        Assert.Equal(offline.Values, online.Values);
        Assert.Contains(online.Dense, static value => value != 0);
    }

    private static SmallWorkspace Create(string index)
    {
        SmallWorkspace small = new();
        small.Mend(
            "  thing:",
            """
              person:
                kind: table
                entities: user
                columns:
                  taste: text
              thing:
            """);
        small.Mend(
            "      plays_7d: count over 7d",
            """
                  plays_7d: count over 7d
              of_person: {entity: user, source: person, aggregates: {taste: last taste}}
              of_thing: {entity: item, source: thing, aggregates: {category: last category, age: age}}
            """);
        small.Mend(
            "retrieve: {kind: ials, factors: 8, epochs: 3}",
            "retrieve: {kind: two_tower, factors: 16, hidden: 16, epochs: 40, validation_share: 0, batch_size: 64, " +
            "uniform_negatives: 16, id_dropout: 0.5, user_ids: 0, history_length: 5}");
        small.Mend("evaluation:", $"serving:\n  index: {{kind: {index}}}\nevaluation:\n  baselines: [popular]");
        return small;
    }

    private static async Task RecordAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        small.Clock.Advance(TimeSpan.FromDays(-30));
        await PushAsync(
            workspace, [.. Enumerable.Range(0, 40).Select(user => Person(small, user, user % 2 == 0 ? "even" : "odd"))]);
        await PushAsync(
            workspace, [.. Enumerable.Range(0, 30).Select(item => Thing(small, item, item % 2 == 0 ? "even" : "odd"))]);
        small.Clock.Advance(TimeSpan.FromDays(30));
        await small.RecordAsync(workspace);
    }

    private static async Task PushAsync(TandemWorkspace workspace, params IReadOnlyList<ReadOnlyMemory<byte>> lines) =>
        Assert.All(await workspace.IngestAsync(lines), static outcome => Assert.Null(outcome.Fault));

    private static ReadOnlyMemory<byte> Person(SmallWorkspace small, int user, string taste) =>
        Row(small, "person", "user", $"u{user}", "taste", taste, "");

    private static ReadOnlyMemory<byte> Thing(SmallWorkspace small, int item, string category, string mark = "") =>
        Row(small, "thing", "item", $"v{item}", "category", category, mark);

    private static ReadOnlyMemory<byte> Row(
        SmallWorkspace small, string table, string entity, string id, string column, string value, string mark) =>
        SmallWorkspace.Bytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"{table}-{id}{mark}\",\"type\":\"{table}\",\"entities\":{{\"{entity}\":\"{id}\"}}," +
            $"\"time\":\"{small.Clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss}Z\",\"data\":{{\"{column}\":\"{value}\"}}}}"));

    private static async Task<RecommendResponse> AskAsync(TandemWorkspace workspace, string user) =>
        await workspace.RecommendAsync(new RecommendRequest { UserId = user, Count = 8 });

    private static int NumberOf(RecommendedItem item) => int.Parse(item.Id.AsSpan(1), CultureInfo.InvariantCulture);
}
