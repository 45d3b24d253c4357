using Tandem.Learning.TwoTower;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.TwoTower;

/// <summary>The loss and every gradient of a step, beside a twin in float64 and its finite differences.</summary>
public sealed class TwoTowerStepTests
{
    [Theory]
    [InlineData(1, 0, true, 40, 12, false)]
    [InlineData(2, 1, false, 40, 0, false)]
    [InlineData(3, 1, true, 270, 9, false)]
    [InlineData(4, 2, true, 40, 5, false)]
    [InlineData(5, 1, true, 60, 9, true)]
    public void ComputeGradients_AgreesWithFiniteDifferencesOfItsTwin(
        ulong seed, int layers, bool normalise, int batch, int negatives, bool hasStates)
    {
        Interactions rows = TwoTowerModelTests.Attributed(SmallWorld.Make(seed, userCount: 90, itemCount: 30), seed);
        rows = hasStates ? TwoTowerModelTests.InStates(rows, seed) : rows;
        TwoTowerOptions options = new()
        {
            Factors = 5,
            Hidden = 7,
            Layers = layers,
            Normalise = normalise,
            Temperature = 0.3,
            BatchSize = batch,
            UniformNegatives = negatives,
            HistoryLength = 4,
            IdDropout = 0.3,
            Correction = 0.8,
            HalfLifeDays = 4,
        };
        SeededRandom random = new(seed);
        int[] examples = [.. Enumerable.Range(0, batch).Select(_ => random.NextInt(rows.Count))];
        int[] chosen = hasStates ? rows.Past.Chosen : rows.Items;
        int states = hasStates ? rows.Past.Items.Length : rows.ItemCount;
        int[] drawn =
        [
            .. Enumerable.Range(0, negatives)
                .Select(_ => hasStates ? rows.Past.Drawn[random.NextInt(rows.Count)] : random.NextInt(rows.ItemCount)),
        ];
        int[] counts = [.. Enumerable.Range(0, states).Select(state => chosen.Count(met => met == state))];
        float[] weights = [.. Enumerable.Range(0, rows.Count).Select(_ => 0.5f + random.NextSingle())];
        using TwoTowerStep step = new(
            new TwoTowerExamples(rows, options), options, counts, weights, new FitContext { Seed = seed, ThreadCount = 2 });

        double loss = step.ComputeGradients(examples, drawn, draw: 1);

        TowerTwin users = new(step.UserTower, step.Users);
        TowerTwin items = new(step.ItemTower, step.Items);
        int[] stepStates = [.. examples.Select(row => chosen[row]), .. drawn];
        int[] stepItems = [.. stepStates.Select(state => hasStates ? rows.Past.Items[state] : state)];
        double InPeriod(int state) => !hasStates
            ? 1
            : (double)chosen.Count(met => rows.Past.Periods[met] == rows.Past.Periods[state]) / rows.Count;
        double[] expected =
        [
            .. stepStates.Select(state => 0.8 * Math.Log(
                (batch * (double)counts[state] / rows.Count)
                + (Math.Max(negatives, 1e-3) / rows.ItemCount * InPeriod(state)))),
        ];
        double Loss() => TowerTwin.Loss(
            users.Vectors(), items.Vectors(), stepItems, [.. examples.Select(row => (double)weights[row])], expected,
            options.Temperature);
        Assert.Equal(Loss(), loss, 1e-4);
        CheckGradients(users, seed, Loss);
        CheckGradients(items, seed, Loss);
    }

    [Fact]
    public void Run_AfterTheFirstSteps_AllocatesNothing()
    {
        Interactions rows = TwoTowerModelTests.Attributed(SmallWorld.Make(seed: 5, userCount: 400), seed: 5);
        TwoTowerOptions options = new() { Factors = 8, Hidden = 16, BatchSize = 300, UniformNegatives = 20 };
        using TwoTowerStep step = new(
            new TwoTowerExamples(rows, options), options, new int[rows.ItemCount], [],
            new FitContext { Seed = 5, ThreadCount = 1 });
        int[] batch = [.. Enumerable.Range(0, 300)];
        int[] negatives = [.. Enumerable.Range(0, 20)];
        for (int i = 0; i < 3; i++)
        {
            step.Run(batch, negatives, draw: 1);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 5; i++)
            {
                step.Run(batch, negatives, draw: 1);
            }
        });

        Assert.Equal(0, allocated);
    }

    private static void CheckGradients(TowerTwin tower, ulong seed, Func<double> loss)
    {
        const double Reach = 1e-5;
        foreach ((double[] values, double[] gradients, string name) in tower.Parameters())
        {
            // Of a table, a few rows are enough.
            for (int i = 0; i < values.Length; i += values.Length > 100 ? 41 : 1)
            {
                double value = values[i];
                values[i] = value + Reach;
                double above = loss();
                values[i] = value - Reach;
                double below = loss();
                values[i] = value;
                double expected = (above - below) / (2 * Reach);

                // Float32 sums of some hundred terms; a ReLU at its bend may differ by less.
                Assert.True(
                    Math.Abs(expected - gradients[i]) < 2e-5 + (1e-3 * Math.Abs(expected)),
                    $"seed {seed}, {name}[{i}]: {gradients[i]} for {expected}");
            }
        }
    }
}
