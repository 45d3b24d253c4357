using Tandem.Learning;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;
using Tandem.Training.Search;

namespace Tandem.Training.Tests.Search;

public sealed class RowGroundTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Judge_OfAShare_TakesOfEachClassItsShare_OrWholeGroups_AndNoRowOutsideTheFolds(bool hasGroups)
    {
        float[] labels = [.. Enumerable.Range(0, 400).Select(static row => row % 8 == 0 ? 1f : 0f)];
        int[] groups = hasGroups ? [.. Enumerable.Range(0, 400).Select(static row => row / 8)] : [];
        RowFold fold = new([.. Enumerable.Range(0, 192)], [.. Enumerable.Range(192, 96)]);
        List<RowFold> made = [];
        RowGround<RowFold> ground = new(
            "time", [fold], RowTarget.Binary, labels, groups,
            part =>
            {
                made.Add(part);
                return part;
            },
            (_, parts, _, _) => new RowScores { Values = new float[parts[0].Test.Length], Labels = [.. parts[0].Test.Select(row => labels[row])] })
        {
            Metric = "log_loss",
            Judging = new EvaluationOptions { BootstrapSamples = 0, Seed = 3 },
            Values = [],
        };

        foreach (double share in (double[])[0.25, 0.25, 0.5, 1])
        {
            ModelEvaluation evaluation = ground.Judge("a", new ModelChoiceSpec { Kind = "a" }, share, "", default);
            Assert.Equal(Math.Log(2), evaluation.Metrics["log_loss"], 6);
        }

        // Parts are made once a share.
        Assert.Equal([48, 96, 192], made.Select(static part => part.Train.Length));
        Assert.Equal([24, 48, 96], made.Select(static part => part.Test.Length));
        Assert.All(made, part => Assert.Equal(part.Train.Length, 8 * part.Train.Count(row => labels[row] > 0)));
        Assert.All(made, static part => Assert.Equal([.. part.Train.Order(), .. part.Test.Order()], [.. part.Train, .. part.Test]));
        Assert.Empty(made[0].Train.Except(made[1].Train));
        Assert.Empty(made[1].Train.Except(fold.Train));
        Assert.Empty(made[1].Test.Except(fold.Test));
        Assert.Equal(hasGroups, made[0].Train.GroupBy(static row => row / 8).All(static rows => rows.Count() == 8));
        Assert.Equal(("time", 288, true), (ground.Split, ground.Count, ground.LowerIsBetter));
    }

    [Fact]
    public async Task RunAsync_CutOffAndRunAgain_GoesOnWhereItWas_UnlessRowsOrTheFileChanged()
    {
        using TestFolder folder = new();
        FolderStore store = new(folder.Path);
        ModelChoiceSpec open = new()
        {
            Kind = "a",
            Ranges = new Dictionary<string, ParameterRange>(StringComparer.Ordinal) { ["step"] = new() { From = 0, To = 1 } },
        };
        SearchReport whole = await RunAsync("file 1", shift: 0, stopAt: null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync("file 1", shift: 0, stopAt: 3));
        SearchReport resumed = await RunAsync("file 1", shift: 0, stopAt: null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync("file 1", shift: 0, stopAt: 3));
        SearchReport otherRows = await RunAsync("file 1", shift: 1, stopAt: null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync("file 1", shift: 0, stopAt: 3));
        SearchReport otherFile = await RunAsync("file 2", shift: 0, stopAt: null);

        Assert.Equal((0, 3, 0, 0), (whole.Resumed, resumed.Resumed, otherRows.Resumed, otherFile.Resumed));
        Assert.Equal(whole.Trials.Select(static trial => (trial.Name, trial.Value)), resumed.Trials.Select(static trial => (trial.Name, trial.Value)));
        Assert.Equal(whole.Picked, resumed.Picked);

        async Task<SearchReport> RunAsync(string version, float shift, int? stopAt)
        {
            int tried = 0;
            float[] labels = [.. Enumerable.Range(0, 40).Select(static row => row % 2)];
            using CancellationTokenSource stop = new();
            RowGround<RowFold> ground = new(
                "time", [new RowFold([.. Enumerable.Range(0, 20)], [.. Enumerable.Range(20, 20)])], RowTarget.Binary, labels, [],
                static part => part,
                (choice, _, _, cancellationToken) =>
                {
                    if (tried++ == stopAt)
                    {
                        stop.Cancel();
                    }

                    cancellationToken.ThrowIfCancellationRequested();
                    return new RowScores
                    {
                        Values = [.. labels[20..].Select(label => (float)((label - 0.5) * choice.Parameters["step"]))],
                        Labels = labels[20..],
                    };
                })
            {
                Metric = "log_loss",
                Judging = new EvaluationOptions { BootstrapSamples = 0 },
                Values = [shift],
            };
            SearchSpec wanted = new() { Trials = 6, Halving = 2 };
            ModelSearch search = new(wanted, seed: 1, store, version, TimeProvider.System);
            return (await search.RunAsync([open], ground, stop.Token)).Report;
        }
    }
}
