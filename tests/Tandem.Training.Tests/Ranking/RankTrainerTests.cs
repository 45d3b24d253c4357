using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Training.Ranking;

namespace Tandem.Training.Tests.Ranking;

public sealed class RankTrainerTests
{
    [Fact]
    public async Task RunAsync_WhereFeaturesTell_OrdersByThem()
    {
        await using HotSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();

        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest());

        RankReport rank = run.Rank!;
        Assert.True(rank.IsKept, rank.Reason);
        Assert.InRange(rank.Shown!.Challenger, 0.68, 1);
        Assert.InRange(rank.Shown.Champion, 0.4, 0.6);
        Assert.True(rank.Shown.Low > 0);
        Assert.True(rank.LogLoss!.High < 0);
        Assert.Equal(rank.Ranked!.Metrics["log_loss"], rank.LogLoss.Challenger, 1e-9);
        Assert.Equal(rank.Retrieval!.Metrics["log_loss"], rank.LogLoss.Champion, 1e-9);
        Assert.InRange(rank.Retrieval.Metrics["normalised_entropy"], 0.97, 1.03);
        Assert.InRange(rank.Ranked.Metrics["normalised_entropy"], 0.4, 0.9);
        Assert.Equal("item_play:lately", rank.Importance[0].Name);
        Assert.True(rank.Importance[0].Permutation > 5 * rank.Importance[1].Permutation);
        Assert.True(run.Verdict.IsPromoted, run.Verdict.Reason);
        Assert.Equal(rank.Shown.Challenger, run.Verdict.Candidate, 1e-9);
        Assert.Equal("popular + logistic", run.Evaluation.Models[^1].Name);
        Assert.Equivalent(run.Rank, TrainingJson.Read(TrainingJson.Write(run))!.Rank, strict: true);
    }

    [Theory]
    [InlineData("ftrl")]
    [InlineData("fm")]
    [InlineData("ffm")]
    [InlineData("dcn")]
    [InlineData("boosted_trees")]
    public async Task RunAsync_ByAnotherKindThatReadsFeatures_OrdersByThemToo(string kind)
    {
        await using HotSystem system = new();
        system.Spec = system.Spec with
        {
            Model = system.Spec.Model with { Rank = new ModelChoiceSpec { Kind = kind } },
        };
        using LakeSnapshot snapshot = await system.RecordAsync();

        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest());

        Assert.True(run.Rank!.IsKept, run.Rank.Reason);
        Assert.InRange(run.Rank.Shown!.Challenger, 0.62, 1);
        Assert.True(run.Rank.Shown.Low > 0);
        ModelVersion version = (await system.Registry.FindAsync("hot", "1"))!;
        Assert.Equal(kind, version.Lineage.Parameters[ArtifactNames.RankKind]);
        IRowScorer scorer = ModelCatalogue.Default.FindRows(kind).Load(
            await system.Registry.OpenArtifactAsync(version, ArtifactNames.Rank));
        Assert.Equal(kind, scorer.Kind);
    }

    [Fact]
    public async Task RunAsync_KeepsEverythingThatTheModelNeedsWithTheVersion()
    {
        await using HotSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();

        await system.Loop().RunAsync(snapshot, new TrainingRequest());

        ModelVersion version = (await system.Registry.FindAsync("hot", "1"))!;
        IRowScorer scorer = ModelCatalogue.Default.FindRows(version.Lineage.Parameters[ArtifactNames.RankKind])
            .Load(await OpenAsync(ArtifactNames.Rank));
        var encoders = FeatureEncoders.Load(await ReadAsync(ArtifactNames.Encoders));
        var pinned = PinnedFeatures.Read(await ReadAsync(ArtifactNames.Features));
        Assert.Equal(scorer.DenseCount, encoders.DenseCount);
        Assert.Equal([.. pinned.Names, RowModel.RetrievalScore], encoders.Numbers, StringComparer.Ordinal);
        Assert.Equal(LabelledSet.FeaturesOf(system.Spec, system.Views).Version, pinned.Find(system.Views)!.Version);
        Assert.True(RankReport.Read(await ReadAsync(ArtifactNames.RankReport))!.IsKept);
        Assert.Equal("name: hot", System.Text.Encoding.UTF8.GetString(await ReadAsync(ArtifactNames.Design)));
        Assert.Equal("0.0001", version.Lineage.Parameters["rank.regularisation"]);
        Assert.True(version.Lineage.Metrics["rank.shown_auc_gain"].Low > 0);

        await using HotSystem other = new(TimeSpan.FromMinutes(40));
        Assert.Null(pinned.Find(other.Views));
        Assert.Equal(["item_play"], pinned.Missing(other.Views), StringComparer.Ordinal);

        Task<Stream> OpenAsync(string name) => system.Registry.OpenArtifactAsync(version, name);

        async Task<byte[]> ReadAsync(string name)
        {
            await using Stream stream = await OpenAsync(name);
            MemoryStream bytes = new();
            await stream.CopyToAsync(bytes);
            return bytes.ToArray();
        }
    }

    [Theory]
    [InlineData("down_sample")]
    [InlineData("class_weight")]
    [InlineData("focal")]
    public async Task RunAsync_WithRarePositivesTreated_StillScoresAtTheRateOfAllRows(string method)
    {
        await using HotSystem plain = new();
        await using HotSystem treated = new();
        treated.Spec = treated.Spec with
        {
            Training = treated.Spec.Training with { Imbalance = new ModelChoiceSpec { Kind = method } },
        };
        using LakeSnapshot first = await plain.RecordAsync();
        using LakeSnapshot second = await treated.RecordAsync();

        RankReport before = (await plain.Loop().RunAsync(first, new TrainingRequest())).Rank!;
        TrainingRun run = await treated.Loop().RunAsync(second, new TrainingRequest());

        RankReport rank = run.Rank!;
        Assert.True(rank.IsKept, rank.Reason);
        Assert.Equal(("none", before.TrainRows), (before.Rates!.Method, before.Rates.Rows));
        Assert.Equal(before.Rates.Fitted, before.Rates.Scored);
        Assert.Equal(method, rank.Rates!.Method);
        Assert.Equal(before.Rates.Scored, rank.Rates.Scored);
        Assert.Equal(method == "focal" ? before.Rates.Scored : 0.5, rank.Rates.Fitted, 0.01);
        Assert.Equal(before.TestRows, rank.TestRows);

        // Unshifted, a rate of a fifth or so said as a half costs a tenth or more.
        Assert.Equal(before.Ranked!.Metrics["normalised_entropy"], rank.Ranked!.Metrics["normalised_entropy"], 0.03);
        ModelVersion version = (await treated.Registry.FindAsync("hot", "1"))!;
        Assert.Equal(method, version.Lineage.Parameters["rank.imbalance"]);
        await using Stream bytes = await treated.Registry.OpenArtifactAsync(version, ArtifactNames.Rank);
        Assert.IsType<AdjustedScorer>(
            ModelCatalogue.Default.FindRows(version.Lineage.Parameters[ArtifactNames.RankKind]).Load(bytes));
        Assert.Equivalent(run.Rank, TrainingJson.Read(TrainingJson.Write(run))!.Rank, strict: true);
    }

    [Fact]
    public async Task RunAsync_WhereFeaturesTellNothing_KeepsTheOrderOfRetrieval()
    {
        await using HotSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync(isHeatSeen: false);

        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest());

        ModelVersion version = (await system.Registry.FindAsync("hot", "1"))!;
        Assert.Equal(run.Rank!.IsKept, version.Artifacts.Any(static each => each.Name == ArtifactNames.Rank));
        Assert.Equal(run.Rank.IsKept, run.Rank.LogLoss!.High < 0 && run.Rank.Shown!.High >= 0);
        Assert.InRange(run.Rank.Ranked!.Metrics["normalised_entropy"], 0.98, 1.05);
    }

    [Fact]
    public async Task RunAsync_WithOneAndTwoThreads_GivesTheSameBytes()
    {
        await using HotSystem one = new();
        await using HotSystem two = new();
        using LakeSnapshot first = await one.RecordAsync();
        using LakeSnapshot second = await two.RecordAsync();

        await one.Loop(threadCount: 1).RunAsync(first, new TrainingRequest());
        await two.Loop(threadCount: 2).RunAsync(second, new TrainingRequest());

        string[] names = [ArtifactNames.Rank, ArtifactNames.Encoders, ArtifactNames.RankReport, ArtifactNames.Features];
        Assert.Equal(await HashesAsync(one), await HashesAsync(two), StringComparer.Ordinal);

        async Task<string[]> HashesAsync(HotSystem system)
        {
            ModelVersion version = (await system.Registry.FindAsync("hot", "1"))!;
            return [.. version.Artifacts.Where(each => names.Contains(each.Name, StringComparer.Ordinal)).Select(static each => each.Hash)];
        }
    }

    [Fact]
    public async Task RunAsync_AgainstAChampionThatOrdersByFeatures_JudgesItAsItServes()
    {
        await using HotSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();
        await system.Loop().RunAsync(snapshot, new TrainingRequest());
        Champion champion = await ChampionAsync(system);
        system.Spec = system.Spec with { Model = system.Spec.Model with { Rank = null } };
        TrainingRun bare = await system.Loop().RunAsync(
            snapshot, new TrainingRequest { Champion = champion with { Rank = null } });
        system.Spec = system.Spec with
        {
            Model = system.Spec.Model with
            {
                Rank = new ModelChoiceSpec
                {
                    Kind = "logistic",
                    Parameters = new Dictionary<string, double>(StringComparer.Ordinal) { ["regularisation"] = 1000 },
                },
            },
        };

        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest { Champion = champion });

        Assert.Equal("champion version 1", run.Verdict.Against);
        Assert.InRange(run.Verdict.Reference, 0.68, 1);
        Assert.InRange(bare.Verdict.Reference, 0.4, 0.65);
    }

    [Fact]
    public async Task RunAsync_WithoutMatureImpressions_SaysSoAndGoesOn()
    {
        await using HotSystem system = new();
        system.Spec = system.Spec with
        {
            Objective = system.Spec.Objective with
            {
                Label = system.Spec.Objective.Label with { Window = TimeSpan.FromDays(30) },
            },
        };
        using LakeSnapshot snapshot = await system.RecordAsync();

        TrainingRun run = await system.Loop().RunAsync(snapshot, new TrainingRequest());

        Assert.False(run.Rank!.IsKept);
        Assert.Contains("no impression", run.Rank.Reason, StringComparison.Ordinal);
        Assert.Equal(1, run.Version);
    }

    private static async Task<Champion> ChampionAsync(HotSystem system)
    {
        ModelVersion version = (await system.Registry.FindAsync("hot", "1"))!;
        IItemScorer scorer = ModelCatalogue.Default.Find(version.Kind).Load(await OpenAsync(ArtifactNames.Model));
        return new Champion(
            1, 1, scorer, EntityIndex.Load(await ReadAsync(ArtifactNames.Users)),
            EntityIndex.Load(await ReadAsync(ArtifactNames.Items)), HotSystem.Now)
        {
            Rank = new RowModel(
                PinnedFeatures.Read(await ReadAsync(ArtifactNames.Features)).Find(system.Views)!, system.Views,
                FeatureEncoders.Load(await ReadAsync(ArtifactNames.Encoders)),
                ModelCatalogue.Default.FindRows("logistic").Load(await OpenAsync(ArtifactNames.Rank))),
        };

        Task<Stream> OpenAsync(string name) => system.Registry.OpenArtifactAsync(version, name);

        async Task<byte[]> ReadAsync(string name)
        {
            await using Stream stream = await OpenAsync(name);
            MemoryStream bytes = new();
            await stream.CopyToAsync(bytes);
            return bytes.ToArray();
        }
    }
}
