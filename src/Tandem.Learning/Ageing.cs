using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>How much a row counts: its own weight, halved with every half-life of its age.</summary>
internal static class Ageing
{
    /// <summary>The share that is left after an age: 2^(−age / half-life); 1 where the half-life is 0 (off).</summary>
    public static float Decay(float ageDays, double halfLifeDays) =>
        halfLifeDays <= 0 ? 1 : (float)double.Exp2(-ageDays / halfLifeDays);

    /// <summary>Who chose what as a matrix of users and items; a repeated item adds its weights up.</summary>
    public static SparseRows Merge(Interactions rows, double halfLifeDays) =>
        new SparseRows(rows.ItemCount, rows.RowStarts, rows.Items, WeighRows(rows, halfLifeDays)).Merge();

    /// <summary>Weights of all rows, at least the smallest normal number, so that no row vanishes.</summary>
    public static float[] WeighRows(Interactions rows, double halfLifeDays)
    {
        float[] weights = new float[rows.Count];
        bool ages = halfLifeDays > 0 && rows.AgeDays.Length > 0;
        for (int row = 0; row < weights.Length; row++)
        {
            float weight = rows.Weights.Length > 0 ? rows.Weights[row] : 1;
            weights[row] = ages ? MathF.Max(weight * Decay(rows.AgeDays[row], halfLifeDays), 1e-30f) : weight;
        }

        return weights;
    }
}
