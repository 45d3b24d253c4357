namespace Tandem.Numerics;

/// <summary>Random rotations: they keep inner products and spread what a vector holds evenly over its dimensions.</summary>
public static class RandomRotation
{
    /// <summary>Makes an orthogonal matrix from normal numbers by the modified Gram-Schmidt process.</summary>
    /// <param name="size">Rows and columns, ≥ 1.</param>
    /// <param name="seed">Equal seeds give equal matrices.</param>
    /// <returns>A matrix R, shape (size, size), with R·Rᵀ = I up to rounding.</returns>
    /// <remarks>O(size³) in float64.</remarks>
    public static Matrix Make(int size, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        SeededRandom random = new(seed);
        double[][] rows = new double[size][];
        for (int row = 0; row < size; row++)
        {
            rows[row] = new double[size];
            double norm;
            do
            {
                foreach (ref double x in rows[row].AsSpan())
                {
                    x = random.NextGaussian();
                }

                // Twice is enough: what rounding left over the first time goes the second.
                TakeOff(rows, row);
                TakeOff(rows, row);
                norm = Math.Sqrt(Dot(rows[row], rows[row]));
            }
            while (norm < 1e-6);

            foreach (ref double x in rows[row].AsSpan())
            {
                x /= norm;
            }
        }

        Matrix made = new(size, size);
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                made.Row(row)[column] = (float)rows[row][column];
            }
        }

        return made;
    }

    private static void TakeOff(double[][] rows, int row)
    {
        for (int other = 0; other < row; other++)
        {
            double along = Dot(rows[row], rows[other]);
            for (int i = 0; i < rows[row].Length; i++)
            {
                rows[row][i] -= along * rows[other][i];
            }
        }
    }

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
