using Tandem.Faults;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;

namespace Tandem.Training.Tests;

public sealed class TrainingLoopTests
{
    [Fact]
    public async Task RunAsync_OnTwoTastes_BeatsPopularityAndIsPromoted()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();

        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest());

        Assert.True(run.Verdict.IsPromoted, run.Verdict.Reason);
        Assert.Equal("ials", run.Best);
        Assert.Equal(1, run.Version);
        double best = run.Evaluation.Models.Single(model => model.Name == "ials").Metrics["ndcg@5"];
        double popular = run.Evaluation.Models.Single(model => model.Name == "popular").Metrics["ndcg@5"];
        Assert.True(best > popular, $"ials {best}, popular {popular}");
        AliasChange? champion = await system.Registry.AliasAsync("small", "champion");
        Assert.Equal(1, champion!.Version);
        Assert.Contains("ndcg@5", champion.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NamesEverythingTheVersionCameFrom()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();

        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest());

        ModelVersion version = (await system.Registry.FindAsync("small", "1"))!;
        Assert.Equal(system.SpecHash, version.Lineage.SpecHash);
        Assert.Equal(snapshot.Manifest.Number, version.Lineage.LakeManifest);
        Assert.Equal(run.TrainingSet, version.Lineage.TrainingSetHash);
        Assert.Equal("test", version.Lineage.CodeVersion);
        Assert.Equal(42UL, version.Lineage.Seed);
        Assert.Equal("8", version.Lineage.Parameters["factors"]);
        Assert.Contains(version.Artifacts, artifact => artifact.Name == ArtifactNames.Profiles);
    }

    [Fact]
    public async Task EvaluateAsync_WithAnUpdate_SaysHowFarItIsFromFittingAgain_AndWhatChanceMakesOfThat()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();

        EvaluationResult result = await system.Loop().EvaluateAsync(snapshot, updateShare: 0.3);

        Assert.Equal(
            ["popular", "ials", "ials (oldest)", "ials (updated)", "ials (another seed)"],
            result.Models.Select(static model => model.Name), StringComparer.Ordinal);
        Assert.All(result.Models.Take(2), static model => Assert.False(model.Metrics.ContainsKey("overlap@10")));
        double[] overlaps = [.. result.Models.Skip(2).Select(static model => model.Metrics["overlap@10"])];
        Assert.All(overlaps, static overlap => Assert.InRange(overlap, 0.01, 0.999));
        Assert.True(overlaps[1] > overlaps[0], $"updated {overlaps[1]}, oldest {overlaps[0]}");
    }

    [Fact]
    public async Task RunAsync_TwiceWithOneAndTwoThreads_GivesTheSameBytesAndFigures()
    {
        await using SmallSystem one = new();
        await using SmallSystem two = new();
        using LakeSnapshot first = await one.RecordAsync();
        using LakeSnapshot second = await two.RecordAsync();

        TrainingRun a = await one.Loop(threadCount: 1).RunAsync(first, new TrainingRequest());
        TrainingRun b = await two.Loop(threadCount: 2).RunAsync(second, new TrainingRequest());

        Assert.Equal(a.TrainingSet, b.TrainingSet);
        Assert.Equal(Figures(a), Figures(b));
        Assert.Equal(await HashesAsync(one), await HashesAsync(two));
    }

    [Fact]
    public async Task RunAsync_AgainstAChampionThatIsAsGood_IsNotPromoted()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();
        await system.Loop().RunAsync(snapshot, new TrainingRequest());
        PerfectScorer perfect = new(snapshot, system.Spec);

        TrainingRun run = await system.Loop().RunAsync(
            snapshot,
            new TrainingRequest
            {
                Champion = new Champion(1, 1, perfect, perfect.Users, perfect.Items, SmallSystem.Now.AddDays(-1)),
            });

        Assert.False(run.Verdict.IsPromoted, run.Verdict.Reason);
        Assert.Contains("champion version 1", run.Verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(2, run.Version);
        Assert.Equal(1, (await system.Registry.AliasAsync("small", "champion"))!.Version);
    }

    [Fact]
    public async Task RunAsync_OnAnEmptyLake_SaysWhatIsMissing()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.EmptyAsync();

        TandemException exception = await Assert.ThrowsAsync<TandemException>(
            () => system.Loop().RunAsync(snapshot, new TrainingRequest()));

        Assert.Equal("TRN001", exception.Fault.Code);
        Assert.Contains("play", exception.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_RegistersNothing()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => system.Loop().RunAsync(snapshot, new TrainingRequest(), null, source.Token));

        Assert.Null(await system.Registry.FindAsync("small", "latest"));
    }

    [Fact]
    public async Task RunAsync_Result_SurvivesItsJson()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();
        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest { Cause = TrainingCause.Drift });

        byte[] json = TrainingJson.Write(run);
        TrainingRun? back = TrainingJson.Read(json);

        Assert.DoesNotMatch("\"[a-z]+[A-Z][A-Za-z]*\":", System.Text.Encoding.UTF8.GetString(json));
        Assert.Equal(run.Id, back!.Id);
        Assert.Equal(run.Verdict, back.Verdict);
        Assert.Equal(Figures(run), Figures(back));
    }

    private static string Figures(TrainingRun run) => string.Join(";", run.Evaluation.Models.Select(model =>
        model.Name + string.Join(",", model.Metrics.Select(metric => $"{metric.Key}={metric.Value:R}"))));

    private static async Task<string> HashesAsync(SmallSystem system)
    {
        ModelVersion version = (await system.Registry.FindAsync("small", "1"))!;

        // The evaluation holds seconds, which differ; everything that serves must not.
        return string.Join(";", version.Artifacts
            .Where(artifact => artifact.Name != ArtifactNames.Evaluation)
            .Select(artifact => $"{artifact.Name} {artifact.Hash}"));
    }
}
