using Tandem.Numerics;

namespace Tandem.Learning.Tests.RowNetworks;

/// <summary>Rows whose labels are not 1 or 0, made of <see cref="SmallRows"/>.</summary>
internal static class TargetRows
{
    /// <summary>Numbers far from 0: 500 + 100·x₀ and some noise.</summary>
    public static LabelledRows Numbers(ulong seed, int count) => Make(
        seed, count, new RowTarget(RowTargetKind.Number),
        static (x, draw) => [(float)(500 + (100 * x[0]) + (10 * draw))]);

    /// <summary>Counts of mean e^(1 + x₀ / 2).</summary>
    public static LabelledRows Counts(ulong seed, int count) => Make(
        seed, count, new RowTarget(RowTargetKind.Count),
        static (x, draw) => [MathF.Round(MathF.Exp(1 + (0.5f * x[0])) * (float)(1 + (0.1 * draw)))]);

    /// <summary>Two heads: x₀ and x₂ above their noise.</summary>
    public static LabelledRows Heads(ulong seed, int count) => Make(
        seed, count, new RowTarget(RowTargetKind.Multilabel) { Classes = 2 },
        static (x, draw) => [x[0] + (0.7 * draw) > 0 ? 1 : 0, x[2] - (0.7 * draw) > 0.5 ? 1 : 0]);

    /// <summary>The class of the largest of three numbers.</summary>
    public static LabelledRows Classes(ulong seed, int count) => Make(
        seed, count, new RowTarget(RowTargetKind.Multiclass) { Classes = 3 },
        static (x, _) => [x.AsSpan().IndexOf(x.Max())]);

    /// <summary>Grades 0 to 3 by x₀ and noise, ten a group.</summary>
    public static LabelledRows Grades(ulong seed, int groups)
    {
        LabelledRows rows = Make(
            seed, 10 * groups, new RowTarget(RowTargetKind.Order),
            static (x, draw) => [Math.Clamp(MathF.Round(1 + x[0] + (float)(0.3 * draw)), 0, 3)]);
        return rows with { Groups = [.. Enumerable.Range(0, rows.Count).Select(static row => row / 10)] };
    }

    /// <summary>Share of the pairs of a group with different grades that scores put in order.</summary>
    public static double PairsInOrder(float[] scores, LabelledRows rows)
    {
        int pairs = 0;
        int right = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            for (int j = 0; j < rows.Count; j++)
            {
                if (rows.Groups[i] == rows.Groups[j] && rows.Labels[i] > rows.Labels[j])
                {
                    pairs++;
                    right += scores[i] > scores[j] ? 1 : 0;
                }
            }
        }

        return right / (double)pairs;
    }

    private static LabelledRows Make(ulong seed, int count, RowTarget target, Func<float[], double, float[]> label)
    {
        LabelledRows rows = SmallRows.Make(seed, count);
        SeededRandom random = new(seed, stream: 9);
        return rows with
        {
            Target = target,
            Labels =
            [
                .. rows.Dense.Chunk(rows.DenseCount).SelectMany(x => label(x, random.NextGaussian())),
            ],
        };
    }
}
