using System.Text;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Training.Tests.Search;

public sealed class ModelSearchTests
{
    private const string Searched = """
        model:
          retrieve: popular
        training:
          split: {by: time, test: 1d}
          candidates: [{kind: ials, factors: [2, 4, 8], epochs: 3, regularisation: {from: 0.01, to: 100, scale: log}}]
          search: {trials: 7, halving: 2}
        """;

    [Fact]
    public async Task RunAsync_WithRanges_SearchesOnRowsBeforeTheTestWindow_AndRegistersWhatItPicked()
    {
        await using SmallSystem system = new(Searched);
        using LakeSnapshot snapshot = await system.RecordAsync();
        Watched watched = new();

        TrainingRun run = await system.Loop(catalogue: watched.Catalogue).RunAsync(snapshot, new TrainingRequest());

        SearchReport report = run.Search!;
        Assert.Equal("ndcg@5", report.Metric);
        Assert.Equal("time", report.Split);
        Assert.True(report.IsComplete);
        Assert.Equal([7, 4, 2], Enumerable.Range(1, 3).Select(round => report.Trials.Count(trial => trial.Round == round)));
        SearchTrial[] last = [.. report.Trials.Where(static trial => trial.Round == 3)];
        Assert.Equal(last.MaxBy(static trial => trial.Value)!.Name, report.Picked);
        Assert.Equal(report.Picked, run.Best);
        ModelVersion version = (await system.Registry.FindAsync("small", "1"))!;
        SearchTrial picked = last.First(trial => trial.Name == report.Picked);
        Assert.Equal(picked.Kind, version.Kind);
        Assert.All(picked.Parameters, setting => Assert.Equal(
            setting.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            version.Lineage.Parameters[setting.Key]));

        // Ten days of 120 positives: tests take the last, validation the one before. The trials of ials saw at most eight
        // days; after them the finalists and the winner saw nine and ten.
        int[] rows = [.. watched.RowsOfFits];
        int trials = report.Trials.Count(static trial => trial.Kind == "ials");
        Assert.All(rows.Take(trials), static count => Assert.InRange(count, 1, 8 * 120));
        Assert.Equal(10 * 120, rows[^1]);
    }

    [Fact]
    public async Task RunAsync_WithRanges_IsTheSameForAnyThreadCount()
    {
        await using SmallSystem system = new(Searched);
        using LakeSnapshot snapshot = await system.RecordAsync();

        EvaluationResult one = await system.Loop(threadCount: 1).EvaluateAsync(snapshot);
        EvaluationResult two = await system.Loop(threadCount: 2).EvaluateAsync(snapshot);

        Assert.Equal(Text(one), Text(two));
    }

    [Fact]
    public async Task RunAsync_CutOffAndRunAgain_GoesOnWhereItWas()
    {
        using TestFolder folder = new();
        FolderStore searches = new(folder.Path);
        await using SmallSystem system = new(Searched);
        using LakeSnapshot snapshot = await system.RecordAsync();
        SearchReport whole = (await system.Loop().RunAsync(snapshot, new TrainingRequest())).Search!;
        await searches.PutAsync("of-an-earlier-search.json", Encoding.UTF8.GetBytes("[]"));
        using CancellationTokenSource stop = new();
        Watched watched = new() { OnFit = number => { if (number == 5) { stop.Cancel(); } } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => system.Loop(catalogue: watched.Catalogue, searches: searches)
            .RunAsync(snapshot, new TrainingRequest(), cancellationToken: stop.Token));
        ObjectEntry kept = Assert.Single(await searches.ListAsync("").ToListAsync());
        TrainingRun run = await system.Loop(searches: searches).RunAsync(snapshot, new TrainingRequest());

        Assert.InRange(run.Search!.Resumed, 4, 5);
        Assert.Equal(whole.Trials.Select(Said), run.Search.Trials.Select(Said), StringComparer.Ordinal);
        Assert.Equal(whole.Picked, run.Search.Picked);
        Assert.Null(await searches.FindAsync(kept.Key));
    }

    [Fact]
    public async Task RunAsync_WhereTheTimeIsOver_ComparesWhatWasTried()
    {
        await using SmallSystem system = new(Searched.Replace("halving: 2", "halving: 2, budget: 5m", StringComparison.Ordinal));
        using LakeSnapshot snapshot = await system.RecordAsync();
        Watched watched = new() { OnFit = _ => ((ManualClock)system.Clock).Advance(TimeSpan.FromMinutes(2)) };

        TrainingRun run = await system.Loop(catalogue: watched.Catalogue).RunAsync(snapshot, new TrainingRequest());

        // One setting is popularity, which takes no time here; three of 2 minutes reach the budget of 5, and what they
        // really take is nothing beside it.
        Assert.False(run.Search!.IsComplete);
        Assert.Equal(4, run.Search.Trials.Count);
        Assert.Equal(run.Search.Trials.MaxBy(static trial => trial.Value)!.Name, run.Best);
    }

    [Fact]
    public async Task RunAsync_WhereOneSettingFails_GoesOnWithTheOthers()
    {
        await using SmallSystem system = new(Searched);
        using LakeSnapshot snapshot = await system.RecordAsync();
        Watched watched = new() { OnFit = number => { if (number == 2) { throw Failure(); } } };

        TrainingRun run = await system.Loop(catalogue: watched.Catalogue).RunAsync(snapshot, new TrainingRequest());

        SearchTrial failed = Assert.Single(run.Search!.Trials, static trial => trial.Value is null);
        Assert.Contains("too large", failed.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Search.Trials, trial => trial.Name == failed.Name && trial.Round > 1);
    }

    [Fact]
    public async Task RunAsync_WhereAllSettingsFail_SaysWhy()
    {
        await using SmallSystem system = new(Searched.Replace("retrieve: popular", "retrieve: ials", StringComparison.Ordinal));
        using LakeSnapshot snapshot = await system.RecordAsync();
        Watched watched = new() { OnFit = _ => throw Failure() };

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() =>
            system.Loop(catalogue: watched.Catalogue).RunAsync(snapshot, new TrainingRequest()));

        Assert.Equal("TRN009", refused.Fault.Code);
        Assert.Contains("too large", refused.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WithNoRowsBeforeTheTestWindow_SaysWhatToDo()
    {
        await using SmallSystem system = new(Searched.Replace("test: 1d", "test: 6d", StringComparison.Ordinal));
        using LakeSnapshot snapshot = await system.RecordAsync();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() =>
            system.Loop().RunAsync(snapshot, new TrainingRequest()));

        Assert.Equal("TRN008", refused.Fault.Code);
    }

    private static TandemException Failure() => new(new Fault("LRN016", "It would be too large.", "Take less."));

    private static string Said(SearchTrial trial) => $"{trial.Name} {trial.Round} {trial.Value:R}";

    private static string Text(EvaluationResult result) =>
        string.Join('\n', result.Models.SelectMany(static model => model.Metrics.Select(pair => $"{model.Name} {pair.Key} {pair.Value:R}")));

    /// <summary>A catalogue whose iALS tells what it is fitted on.</summary>
    private sealed class Watched
    {
        private int _fits;

        public Action<int>? OnFit { get; init; }

        public List<int> RowsOfFits { get; } = [];

        public ModelCatalogue Catalogue => new(
        [
            .. ModelCatalogue.Default.Kinds.Select(kind => kind.Name != "ials" ? kind : kind with
            {
                Fit = (rows, parameters, context, cancellationToken) =>
                {
                    RowsOfFits.Add(rows.Count);
                    OnFit?.Invoke(++_fits);
                    return kind.Fit(rows, parameters, context, cancellationToken);
                },
            }),
        ]);
    }
}
