using Tandem.Features.Encoders;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Features.Tests.Encoders;

public sealed class TargetEncoderTests
{
    private const long Window = 50;
    private const double Strength = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_OfRandomRows_EqualsPlainLoopsOverThePast(int seed)
    {
        EncoderRows rows = Random((ulong)seed);

        EncodedRows encoded = Fit(rows).Rows;

        double[] rates =
        [
            .. Enumerable.Range(0, rows.Count).Select(row => rows.IsTraining[row]
                ? Rate(rows, row, other => rows.IsTraining[other] && rows.Times[other] + Window < rows.Times[row])
                : Rate(rows, row, other => rows.IsTraining[other])),
        ];
        double[] learned = [.. rates.Where((_, row) => rows.IsTraining[row])];
        double mean = learned.Average();
        double deviation = Math.Sqrt(learned.Average(rate => (rate - mean) * (rate - mean)));
        for (int row = 0; row < rows.Count; row++)
        {
            double expected = (rates[row] - mean) / deviation;
            Assert.True(
                Math.Abs(expected - encoded.Dense[row]) < 1e-5, $"seed {seed}, row {row}: {encoded.Dense[row]} {expected}");
        }
    }

    [Fact]
    public void Fit_WithOneRowsLabelTurned_LeavesItsOwnColumnAndEarlierOnesAsTheyAre()
    {
        EncoderRows rows = Random(seed: 7);
        int turned = Array.FindIndex(rows.IsTraining, 40, static known => known);
        float[] labels = [.. rows.Labels];
        labels[turned] = 1 - labels[turned];

        double[] before = Unscaled(rows);
        double[] after = Unscaled(rows with { Labels = labels });

        for (int row = 0; row < rows.Count; row++)
        {
            if (rows.IsTraining[row] && rows.Times[row] <= rows.Times[turned] + Window)
            {
                Assert.Equal(before[row], after[row], 1e-5);
            }
        }

        Assert.Contains(
            Enumerable.Range(0, rows.Count),
            row => !rows.IsTraining[row] && Math.Abs(before[row] - after[row]) > 1e-5);
    }

    private static double[] Unscaled(EncoderRows rows)
    {
        (FeatureEncoders encoders, EncodedRows encoded) = Fit(rows);
        using var json = System.Text.Json.JsonDocument.Parse(encoders.Save());
        System.Text.Json.JsonElement state = json.RootElement.GetProperty("encoders")[0];
        double mean = state.GetProperty("mean").GetDouble();
        double deviation = state.GetProperty("deviation").GetDouble();
        return [.. encoded.Dense.Select(value => (value * deviation) + mean)];
    }

    private static double Rate(EncoderRows rows, int row, Func<int, bool> isKnown)
    {
        int[] known = [.. Enumerable.Range(0, rows.Count).Where(isKnown)];
        double overall = known.Length == 0 ? 0.5 : known.Average(other => rows.Labels[other]);
        TextColumn column = rows.Texts[0];
        int[] same = [.. known.Where(other => TextOf(other) == TextOf(row))];
        return same.Length == 0
            ? overall
            : (same.Sum(other => rows.Labels[other]) + (Strength * overall)) / (same.Length + Strength);

        string? TextOf(int at) => column.Count(at) == 0 ? null : column.Text(at, 0);
    }

    private static (FeatureEncoders Encoders, EncodedRows Rows) Fit(EncoderRows rows) => FeatureEncoders.Fit(
        rows,
        new Dictionary<string, EncoderSpec>(StringComparer.Ordinal)
        {
            ["v:f"] = new EncoderSpec { Kind = "target", Strength = Strength },
        });

    private static EncoderRows Random(ulong seed)
    {
        const int Count = 300;
        SeededRandom random = new(seed);
        string?[] texts = new string?[Count];
        float[] labels = new float[Count];
        long[] times = new long[Count];
        bool[] isTraining = new bool[Count];
        for (int row = 0; row < Count; row++)
        {
            int value = random.NextInt(6);
            texts[row] = value == 5 ? null : $"t{value}";
            labels[row] = random.NextDouble() < 0.1 + (0.15 * value) ? 1 : 0;
            times[row] = random.NextInt(1000);
            isTraining[row] = times[row] < 800;
        }

        return new EncoderRows
        {
            Numbers = [],
            Values = [],
            Texts = [TextColumn.Of("v:f", texts)],
            Labels = labels,
            Times = times,
            LabelMicros = Window,
            IsTraining = isTraining,
        };
    }
}
