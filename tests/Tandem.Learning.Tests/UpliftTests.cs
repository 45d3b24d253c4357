using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests;

public sealed class UpliftTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 100 };
    private static readonly Dictionary<string, double> Defaults = new(StringComparer.Ordinal);

    [Fact]
    public void Run_OfAnyRows_EqualsTheBruteForceTwin()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            SeededRandom random = new(seed);
            int count = 10 + random.NextInt(40);
            float[] uplift = [.. Enumerable.Range(0, count).Select(_ => random.NextInt(8) / 4f)];
            float[] outcomes = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextInt(3))];
            bool[] isTreated = [.. Enumerable.Range(0, count).Select(row => row < 2 ? row == 0 : random.NextInt(3) > 0)];

            ModelEvaluation found = UpliftEvaluation.Run("x", uplift, outcomes, isTreated, Options with { BootstrapSamples = 0 });

            (double qini, double auuc) = Twin(uplift, outcomes, isTreated);
            Assert.True(Math.Abs(qini - found.Metrics["qini"]) < 1e-12, $"seed {seed}");
            Assert.True(Math.Abs(auuc - found.Metrics["auuc"]) < 1e-12, $"seed {seed}");
        }
    }

    [Fact]
    public void Run_OfAWorldWithAKnownEffect_PutsTheTruthFirstAndChanceAtZero()
    {
        World world = new(seed: 1, count: 8000);
        float[] turned = Array.ConvertAll(world.Effects, static effect => -effect);

        ModelEvaluation truth = UpliftEvaluation.Run("truth", world.Effects, world.Rows.Labels, world.IsTreated, Options);
        ModelEvaluation flat = UpliftEvaluation.Run("flat", new float[8000], world.Rows.Labels, world.IsTreated, Options);

        Assert.Equal(0, flat.Metrics["qini"], 1e-12);
        Assert.True(truth.Intervals["qini"][0] > 0);
        Assert.True(UpliftEvaluation.Compare(turned, world.Effects, world.Rows.Labels, world.IsTreated, Options).IsBetter);
        Assert.InRange(
            world.Effects.Average(static effect => (double)effect), truth.Intervals["effect"][0], truth.Intervals["effect"][1]);
        ModelEvaluation again = UpliftEvaluation.Run(
            "truth", world.Effects, world.Rows.Labels, world.IsTreated, Options with { ThreadCount = 1 });
        Assert.Equal(truth.Intervals["auuc"], again.Intervals["auuc"]);
    }

    [Theory]
    [InlineData("logistic", true)]
    [InlineData("logistic", false)]
    [InlineData("fm", false)]
    public void Fit_OfAWorldWithAKnownEffect_FindsIt(string kindName, bool hasTwoModels)
    {
        World world = new(seed: 2, count: 12_000);
        World later = new(seed: 3, count: 4000);
        RowModelKind kind = ModelCatalogue.Default.FindRows(kindName);
        FitContext context = new() { ThreadCount = 2 };

        UpliftModel model = hasTwoModels
            ? UpliftLearner.FitTwoModels(world.Treated, kind, Defaults, context)
            : UpliftLearner.FitTransformed(world.Treated, kind, Defaults, context);

        float[] uplift = SmallRows.Score(model, later.Rows);
        ModelEvaluation found = UpliftEvaluation.Run("x", uplift, later.Rows.Labels, later.IsTreated, Options);
        Assert.True(found.Intervals["qini"][0] > 0);
        Assert.InRange(Correlation(uplift, later.Effects), 0.7, 1);
        Assert.Equal(later.Effects.Average(), uplift.Average(), 0.05);

        using MemoryStream file = new(SmallWorld.Save(model));
        var loaded = UpliftModel.Load(file, ModelCatalogue.Default);
        Assert.Equal(uplift, SmallRows.Score(loaded, later.Rows));
        Assert.Equal(0, Allocations.Least(() => loaded.ScoreRows(later.Rows.Features, uplift)));
    }

    [Fact]
    public void Fit_WhereNobodyWasTreated_IsACodedFault()
    {
        World world = new(seed: 4, count: 50);
        TreatedRows none = new(world.Rows, new bool[50]);

        Assert.Equal("LRN072", Assert.Throws<TandemException>(() => UpliftLearner.FitTwoModels(
            none, ModelCatalogue.Default.FindRows("logistic"), Defaults, new FitContext())).Fault.Code);
        Assert.Equal("LRN072", Assert.Throws<TandemException>(() => UpliftEvaluation.Run(
            "x", new float[50], world.Rows.Labels, none.IsTreated, Options)).Fault.Code);
    }

    private static (double Qini, double Auuc) Twin(float[] uplift, float[] outcomes, bool[] isTreated)
    {
        double[] shares = [0, .. uplift.Distinct().OrderDescending().Select(from => uplift.Count(u => u >= from) / (double)uplift.Length)];
        float[] thresholds = [float.PositiveInfinity, .. uplift.Distinct().OrderDescending()];
        double Sum(float from, bool treated) => outcomes.Where((_, i) => uplift[i] >= from && isTreated[i] == treated).Sum(static y => (double)y);
        double Number(float from, bool treated) => outcomes.Where((_, i) => uplift[i] >= from && isTreated[i] == treated).Count();
        double Mean(float from, bool treated) => Number(from, treated) == 0 ? 0 : Sum(from, treated) / Number(from, treated);
        double Q(float from) => (Sum(from, true) - (Mean(from, false) * Number(from, true))) / isTreated.Count(static each => each);
        double Area(Func<int, double> curve) => Enumerable.Range(1, shares.Length - 1)
            .Sum(i => (shares[i] - shares[i - 1]) * (curve(i) + curve(i - 1)) / 2);
        return (
            Area(i => Q(thresholds[i]) - (shares[i] * Q(thresholds[^1]))),
            Area(i => shares[i] * (Mean(thresholds[i], true) - Mean(thresholds[i], false))));
    }

    private static double Correlation(float[] x, float[] y)
    {
        double meanX = x.Average();
        double meanY = y.Average();
        double both = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        return both / Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
    }

    /// <summary>Chances 0.35 + 0.1·tanh(x₀), to which treatment adds 0.05 + 0.25·tanh(x₁); two of five are treated.</summary>
    private sealed class World
    {
        public World(ulong seed, int count)
        {
            SeededRandom random = new(seed);
            float[] dense = new float[count * 2];
            float[] labels = new float[count];
            Effects = new float[count];
            IsTreated = new bool[count];
            for (int row = 0; row < count; row++)
            {
                dense[2 * row] = (float)random.NextGaussian();
                dense[(2 * row) + 1] = (float)random.NextGaussian();
                Effects[row] = (float)(0.05 + (0.25 * Math.Tanh(dense[(2 * row) + 1])));
                IsTreated[row] = random.NextDouble() < 0.4;
                double chance = 0.35 + (0.1 * Math.Tanh(dense[2 * row])) + (IsTreated[row] ? Effects[row] : 0);
                labels[row] = random.NextDouble() < chance ? 1 : 0;
            }

            Rows = new LabelledRows
            {
                DenseCount = 2,
                SparseCount = 0,
                Dense = dense,
                Starts = new int[count + 1],
                Columns = [],
                Values = [],
                Labels = labels,
            };
        }

        public LabelledRows Rows { get; }

        public bool[] IsTreated { get; }

        public float[] Effects { get; }

        public TreatedRows Treated => new(Rows, IsTreated);
    }
}
