using System.Numerics;
using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix without negative eigenvalues, in float64.</summary>
/// <remarks>One-sided Jacobi (Hestenes, 1958): pairs of rows are rotated until all are orthogonal. O(n³) a sweep, about
/// ten sweeps; meant for sizes up to a thousand. The same bytes on every run.</remarks>
public sealed class SymmetricEigen
{
    private const int MaximumSweeps = 40;

    /// <summary>Rows count as orthogonal below this cosine.</summary>
    private const double Orthogonal = 1e-12;

    private SymmetricEigen(double[] values, double[][] vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>Eigenvalues, largest first, length n.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The vector of each eigenvalue, length n, norm 1; its element of largest magnitude is positive.</summary>
    public IReadOnlyList<double[]> Vectors { get; }

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Symmetric, shape (n, n), such as a Gram matrix; its rows are read.</param>
    /// <param name="cancellationToken">Stops between sweeps.</param>
    /// <exception cref="ArgumentException">It is not square, or holds NaN or infinity.</exception>
    public static SymmetricEigen Of(Matrix matrix, CancellationToken cancellationToken = default)
    {
        if (matrix.RowCount != matrix.ColumnCount)
        {
            throw new ArgumentException(
                $"A matrix of {matrix.RowCount} × {matrix.ColumnCount} is not square.", nameof(matrix));
        }

        foreach (float value in matrix.Values)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException($"The matrix holds {value}.", nameof(matrix));
            }
        }

        int size = matrix.RowCount;
        double[][] rows = new double[size][];
        double[][] turns = new double[size][];
        for (int row = 0; row < size; row++)
        {
            rows[row] = Array.ConvertAll(matrix.Row(row).ToArray(), static value => (double)value);
            turns[row] = new double[size];
            turns[row][row] = 1;
        }

        for (int sweep = 0; sweep < MaximumSweeps && Sweep(rows, turns); sweep++)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        double[] values = [.. rows.Select(static row => Math.Sqrt(Dot(row, row)))];
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(at => values[at])];
        foreach (double[] vector in turns)
        {
            FixSign(vector);
        }

        return new SymmetricEigen([.. order.Select(at => values[at])], [.. order.Select(at => turns[at])]);
    }

    /// <summary>Rotates every pair of rows once, with the turns that led there.</summary>
    /// <returns>True where a pair was not orthogonal.</returns>
    private static bool Sweep(double[][] rows, double[][] turns)
    {
        bool hasTurned = false;
        for (int p = 0; p < rows.Length - 1; p++)
        {
            for (int q = p + 1; q < rows.Length; q++)
            {
                double a = Dot(rows[p], rows[p]);
                double b = Dot(rows[q], rows[q]);
                double g = Dot(rows[p], rows[q]);
                if (Math.Abs(g) <= Orthogonal * Math.Sqrt(a * b))
                {
                    continue;
                }

                hasTurned = true;
                double zeta = (b - a) / (2 * g);
                double t = Math.CopySign(1, zeta) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                double cosine = 1 / Math.Sqrt(1 + (t * t));
                Rotate(rows[p], rows[q], cosine, cosine * t);
                Rotate(turns[p], turns[q], cosine, cosine * t);
            }
        }

        return hasTurned;
    }

    private static void Rotate(double[] left, double[] right, double cosine, double sine)
    {
        Span<Vector<double>> lefts = MemoryMarshal.Cast<double, Vector<double>>(left.AsSpan());
        Span<Vector<double>> rights = MemoryMarshal.Cast<double, Vector<double>>(right.AsSpan());
        Vector<double> c = new(cosine);
        Vector<double> s = new(sine);
        for (int i = 0; i < lefts.Length; i++)
        {
            Vector<double> x = lefts[i];
            Vector<double> y = rights[i];
            lefts[i] = (c * x) - (s * y);
            rights[i] = (s * x) + (c * y);
        }

        for (int i = lefts.Length * Vector<double>.Count; i < left.Length; i++)
        {
            (left[i], right[i]) = ((cosine * left[i]) - (sine * right[i]), (sine * left[i]) + (cosine * right[i]));
        }
    }

    private static double Dot(double[] left, double[] right)
    {
        Span<Vector<double>> lefts = MemoryMarshal.Cast<double, Vector<double>>(left.AsSpan());
        Span<Vector<double>> rights = MemoryMarshal.Cast<double, Vector<double>>(right.AsSpan());
        Vector<double> lanes = default;
        for (int i = 0; i < lefts.Length; i++)
        {
            lanes += lefts[i] * rights[i];
        }

        double sum = Vector.Sum(lanes);
        for (int i = lefts.Length * Vector<double>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void FixSign(double[] vector)
    {
        double largest = 0;
        foreach (double value in vector)
        {
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        }

        if (largest < 0)
        {
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = -vector[i];
            }
        }
    }
}
