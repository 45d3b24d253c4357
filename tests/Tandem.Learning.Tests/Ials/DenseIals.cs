#pragma warning disable CA1814 // The oracle is dense algebra: a rectangle is what it means.
using Tandem.Learning.Ials;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Ials;

/// <summary>The slow, obvious twin of the trainer: dense float64 normal equations over every pair, by elimination.</summary>
internal static class DenseIals
{
    public static double[,] Score(Interactions rows, IalsOptions options, ulong seed)
    {
        int d = options.Factors;
        double[,] weights = new double[rows.UserCount, rows.ItemCount];
        for (int user = 0; user < rows.UserCount; user++)
        {
            for (int row = rows.RowStarts[user]; row < rows.RowStarts[user + 1]; row++)
            {
                weights[user, rows.Items[row]] +=
                    options.HalfLifeDays > 0 ? Math.Pow(2, -rows.AgeDays[row] / options.HalfLifeDays) : 1;
            }
        }

        SeededRandom random = new(seed);
        double[,] items = new double[rows.ItemCount, d];
        for (int item = 0; item < rows.ItemCount; item++)
        {
            for (int f = 0; f < d; f++)
            {
                items[item, f] = (float)(options.InitialDeviation / Math.Sqrt(d) * random.NextGaussian());
            }
        }

        _ = new double[rows.UserCount, d];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            double[,] users = SolveAll(weights, items, options);
            items = SolveAll(Transpose(weights), users, options);
        }

        return Product(SolveAll(weights, items, options), Transpose(items));
    }

    private static double[,] SolveAll(double[,] weights, double[,] others, IalsOptions options)
    {
        int d = others.GetLength(1);
        double[,] solved = new double[weights.GetLength(0), d];
        for (int row = 0; row < weights.GetLength(0); row++)
        {
            double[,] a = new double[d, d + 1];
            double total = 0;
            for (int other = 0; other < others.GetLength(0); other++)
            {
                double seen = weights[row, other];
                total += seen;
                for (int i = 0; i < d; i++)
                {
                    a[i, d] += seen * others[other, i];
                    for (int j = 0; j < d; j++)
                    {
                        a[i, j] += (seen + options.UnobservedWeight) * others[other, i] * others[other, j];
                    }
                }
            }

            double frequency = total + (options.UnobservedWeight * others.GetLength(0));
            for (int i = 0; i < d; i++)
            {
                a[i, i] += options.Regularisation * Math.Pow(frequency, options.RegularisationExponent);
            }

            Eliminate(a);
            for (int i = 0; i < d; i++)
            {
                solved[row, i] = a[i, d];
            }
        }

        return solved;
    }

    /// <summary>Gauss-Jordan with pivoting on [A | b]; leaves the solution in the last column.</summary>
    private static void Eliminate(double[,] a)
    {
        int d = a.GetLength(0);
        for (int column = 0; column < d; column++)
        {
            int pivot = Enumerable.Range(column, d - column).MaxBy(row => Math.Abs(a[row, column]));
            for (int j = 0; j <= d; j++)
            {
                (a[column, j], a[pivot, j]) = (a[pivot, j], a[column, j]);
            }

            double divisor = a[column, column];
            for (int j = 0; j <= d; j++)
            {
                a[column, j] /= divisor;
            }

            for (int row = 0; row < d; row++)
            {
                double factor = a[row, column];
                for (int j = 0; row != column && j <= d; j++)
                {
                    a[row, j] -= factor * a[column, j];
                }
            }
        }
    }

    private static double[,] Transpose(double[,] m)
    {
        double[,] turned = new double[m.GetLength(1), m.GetLength(0)];
        for (int i = 0; i < m.GetLength(0); i++)
        {
            for (int j = 0; j < m.GetLength(1); j++)
            {
                turned[j, i] = m[i, j];
            }
        }

        return turned;
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        double[,] product = new double[left.GetLength(0), right.GetLength(1)];
        for (int i = 0; i < left.GetLength(0); i++)
        {
            for (int j = 0; j < right.GetLength(1); j++)
            {
                for (int k = 0; k < left.GetLength(1); k++)
                {
                    product[i, j] += left[i, k] * right[k, j];
                }
            }
        }

        return product;
    }
}
