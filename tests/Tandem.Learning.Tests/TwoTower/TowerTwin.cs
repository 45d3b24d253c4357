using Tandem.Learning.TwoTower;

namespace Tandem.Learning.Tests.TwoTower;

/// <summary>A tower in float64, written as the formulas say, over the entries of a step.</summary>
internal sealed class TowerTwin
{
    private readonly (int Column, double Value)[][] _rows;
    private readonly double[] _table;
    private readonly double[] _layers;
    private readonly double[] _tableGradients;
    private readonly double[] _layerGradients;
    private readonly int[] _widths;
    private readonly bool _normalises;

    public TowerTwin(Tower tower, TowerBlock[] blocks)
    {
        _normalises = tower.Normalises;
        _widths = [tower.Factors, .. Enumerable.Repeat(tower.Hidden, tower.Layers), .. tower.Layers > 0 ? (int[])[tower.Factors] : []];
        _table = Widen(tower.Table.Rows.Values);
        _layers = Widen(tower.Parameters);
        _tableGradients = new double[_table.Length];
        _layerGradients = new double[_layers.Length];
        List<(int, double)[]> rows = [];
        foreach (TowerBlock block in blocks.Where(static block => block.Entries.RowCount > 0))
        {
            for (int row = 0; row < block.Entries.RowCount; row++)
            {
                rows.Add([.. block.Entries.ColumnsOf(row).ToArray().Zip(
                    block.Entries.ValuesOf(row).ToArray(), static (column, value) => (column, (double)value))]);
                foreach ((int column, double value) in rows[^1])
                {
                    for (int i = 0; i < tower.Factors; i++)
                    {
                        _tableGradients[(column * tower.Factors) + i] += value * block.SumSlopes.Row(row)[i];
                    }
                }
            }

            for (int i = 0; i < _layerGradients.Length; i++)
            {
                _layerGradients[i] += block.Gradients[i];
            }
        }

        _rows = [.. rows];
    }

    /// <summary>Mean over users of weight · −log of the share of the own item; places of equal items left out.</summary>
    public static double Loss(
        double[][] users, double[][] items, int[] stepItems, double[] weights, double[] shifts, double temperature)
    {
        double loss = 0;
        for (int user = 0; user < users.Length; user++)
        {
            double sum = 0;
            double own = 0;
            for (int place = 0; place < items.Length; place++)
            {
                if (place != user && stepItems[place] == stepItems[user])
                {
                    continue;
                }

                double score = (users[user].Zip(items[place], static (a, b) => a * b).Sum() / temperature)
                    - shifts[place];
                sum += Math.Exp(score);
                own = place == user ? score : own;
            }

            loss += weights[user] * (Math.Log(sum) - own);
        }

        return loss / users.Length;
    }

    /// <summary>Parameters, to be changed in place, beside the gradients that the step found.</summary>
    public IEnumerable<(double[] Values, double[] Gradients, string Name)> Parameters()
    {
        yield return (_table, _tableGradients, "table");
        yield return (_layers, _layerGradients, "layers");
    }

    public double[][] Vectors() => [.. _rows.Select(Vector)];

    private double[] Vector((int Column, double Value)[] row)
    {
        double[] vector = new double[_widths[0]];
        foreach ((int column, double value) in row)
        {
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] += value * _table[(column * vector.Length) + i];
            }
        }

        // Of each layer the weights, shape (in, out), then the biases.
        int at = 0;
        for (int layer = 1; layer < _widths.Length; layer++)
        {
            (int inner, int width) = (_widths[layer - 1], _widths[layer]);
            double[] next = _layers[(at + (inner * width))..(at + ((inner + 1) * width))];
            for (int i = 0; i < inner; i++)
            {
                for (int j = 0; j < width; j++)
                {
                    next[j] += vector[i] * _layers[at + (i * width) + j];
                }
            }

            at += (inner + 1) * width;
            vector = layer < _widths.Length - 1 ? [.. next.Select(static value => Math.Max(0, value))] : next;
        }

        double length = _normalises ? Math.Sqrt(vector.Sum(static value => value * value) + 1e-4) : 1;
        return [.. vector.Select(value => value / length)];
    }

    private static double[] Widen(float[] values) => [.. values.Select(static value => (double)value)];
}
