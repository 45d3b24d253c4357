using Tandem.Numerics;

namespace Tandem.Learning.Tests.RowNetworks;

/// <summary>Small rows with everything that rows may have: numbers, some missing, categories, sparse columns, fields.</summary>
internal static class NetworkRows
{
    public static LabelledRows Make(ulong seed, int count)
    {
        SeededRandom random = new(seed);
        float[] dense = new float[3 * count];
        int[] starts = new int[count + 1];
        List<int> columns = [];
        List<float> values = [];
        float[] labels = new float[count];
        for (int row = 0; row < count; row++)
        {
            dense[3 * row] = random.NextInt(8) == 0 ? float.NaN : (float)(3 + (2 * random.NextGaussian()));
            dense[(3 * row) + 1] = random.NextInt(3);
            dense[(3 * row) + 2] = (float)random.NextGaussian();
            for (int column = 0; column < 5; column++)
            {
                if (random.NextInt(2) == 0)
                {
                    columns.Add(column);
                    values.Add(0.5f + random.NextSingle());
                }
            }

            starts[row + 1] = columns.Count;
            labels[row] = random.NextInt(2);
        }

        labels[0] = 0;
        labels[1] = 1;
        return new LabelledRows
        {
            DenseCount = 3,
            SparseCount = 5,
            Categories = [0, 3, 0],
            Fields = [0, 1, 0, 2, 2, 2, 3, 3],
            Dense = dense,
            Starts = starts,
            Columns = [.. columns],
            Values = [.. values],
            Labels = labels,
        };
    }
}
