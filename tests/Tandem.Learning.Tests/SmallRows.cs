using Tandem.Numerics;

namespace Tandem.Learning.Tests;

/// <summary>Small made-up rows of features, and those that scikit-learn was given for the golden figures.</summary>
internal static class SmallRows
{
    public const int Dense = 3;
    public const int Sparse = 4;

    public static LabelledRows Make(ulong seed, int count = 400)
    {
        SeededRandom random = new(seed);
        float[] dense = new float[count * Dense];
        int[] starts = new int[count + 1];
        List<int> columns = [];
        List<float> values = [];
        float[] labels = new float[count];
        for (int row = 0; row < count; row++)
        {
            double logOdds = -0.5;
            for (int i = 0; i < Dense; i++)
            {
                dense[(row * Dense) + i] = (float)random.NextGaussian();
                logOdds += (i - 1) * dense[(row * Dense) + i];
            }

            if (row % 5 > 0)
            {
                columns.Add(random.NextInt(Sparse));
                values.Add(1 + random.NextSingle());
                logOdds += columns[^1] - 1.5;
            }

            starts[row + 1] = columns.Count;
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0;
        }

        return new LabelledRows
        {
            DenseCount = Dense,
            SparseCount = Sparse,
            Dense = dense,
            Starts = starts,
            Columns = [.. columns],
            Values = [.. values],
            Labels = labels,
        };
    }

    /// <summary>200 rows by formula, so that another language can make the same.</summary>
    public static LabelledRows Golden()
    {
        const int Count = 200;
        float[] dense = new float[Count * Dense];
        float[] labels = new float[Count];
        for (int row = 0; row < Count; row++)
        {
            for (int i = 0; i < Dense; i++)
            {
                dense[(row * Dense) + i] = (float)Math.Sin((1.7 * row) + (2.3 * i) + (0.1 * row * i));
            }

            double logOdds = (1.2 * dense[row * Dense]) - (0.7 * dense[(row * Dense) + 1]) + (0.4 * (row % Sparse)) - 0.9;
            double draw = (Math.Sin((12.9898 * row) + 3) * 0.5) + 0.5;
            labels[row] = draw < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0;
        }

        return new LabelledRows
        {
            DenseCount = Dense,
            SparseCount = Sparse,
            Dense = dense,
            Starts = [.. Enumerable.Range(0, Count + 1)],
            Columns = [.. Enumerable.Range(0, Count).Select(static row => row % Sparse)],
            Values = [.. Enumerable.Repeat(1f, Count)],
            Labels = labels,
        };
    }

    public static float[] Score(IRowScorer model, LabelledRows rows)
    {
        float[] scores = new float[rows.Count];
        model.ScoreRows(rows.Features, scores);
        return scores;
    }
}
