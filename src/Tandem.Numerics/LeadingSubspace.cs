namespace Tandem.Numerics;

/// <summary>The leading singular values and right singular vectors of a sparse matrix, by randomised subspace
/// iteration.</summary>
/// <remarks>Paper: Halko, Martinsson and Tropp, <em>Finding Structure with Randomness</em>, 2011, algorithm
/// 4.4.</remarks>
public static class LeadingSubspace
{
    /// <summary>Directions beyond those asked for, which carry what lies between.</summary>
    private const int Oversampling = 32;

    /// <summary>Finds the leading directions of the columns' space.</summary>
    /// <param name="matrix">A, shape (m, n).</param>
    /// <param name="count">k, how many directions, 1 to 2048; no more than n are given.</param>
    /// <param name="iterations">Times that AᵀA is applied, ≥ 1: the error of a direction falls by (σₖ₊₃₂/σ)² each
    /// time.</param>
    /// <param name="seed">Seed of the first directions.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>V, shape (n, k), columns orthonormal, in order of falling singular value, and the singular values. Where A
    /// has a smaller rank, the columns beyond it are zero.</returns>
    /// <remarks>O(iterations·(entries·k + n·k²) + k³). The same bytes for any thread count.</remarks>
    public static (Matrix Vectors, double[] Values) Find(
        SparseRows matrix, int count, int iterations, ulong seed, int threadCount,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 2048);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        int kept = Math.Min(count, matrix.ColumnCount);
        int width = Math.Min(count + Oversampling, matrix.ColumnCount);
        SparseRows transposed = matrix.Transpose();
        Matrix rows = new(matrix.RowCount, width);
        Matrix columns = new(matrix.ColumnCount, width);
        Matrix spare = new(matrix.ColumnCount, width);
        SeededRandom random = new(seed);
        foreach (ref float value in columns.Values.AsSpan())
        {
            value = (float)random.NextGaussian();
        }

        for (int i = 0; i < iterations; i++)
        {
            matrix.Multiply(columns, rows, threadCount, cancellationToken);
            transposed.Multiply(rows, columns, threadCount, cancellationToken);
            Orthonormalise(columns, spare, threadCount, cancellationToken);
            (columns, spare) = (spare, columns);
        }

        Orthonormalise(columns, spare, threadCount, cancellationToken);
        matrix.Multiply(spare, rows, threadCount, cancellationToken);
        var found = SymmetricEigen.Of(SymmetricSum.Gram(rows, threadCount, cancellationToken), cancellationToken);
        double[] values = [.. found.Values.Take(kept).Select(Math.Sqrt)];
        Matrix turn = new(width, kept);
        for (int column = 0; column < kept; column++)
        {
            for (int row = 0; row < width; row++)
            {
                turn.Row(row)[column] = (float)found.Vectors[column][row];
            }
        }

        Matrix vectors = new(matrix.ColumnCount, kept);
        MatrixProduct.Multiply(spare, turn, vectors, threadCount, cancellationToken);
        return (vectors, values);
    }

    /// <summary>Makes columns orthonormal: Y·Z·Λ^(−½) with YᵀY = ZΛZᵀ. Directions without length become zero.</summary>
    private static void Orthonormalise(
        Matrix columns, Matrix result, int threadCount, CancellationToken cancellationToken)
    {
        const double Smallest = 1e-10;
        var gram = SymmetricEigen.Of(SymmetricSum.Gram(columns, threadCount, cancellationToken), cancellationToken);
        int width = columns.ColumnCount;
        Matrix turn = new(width, width);
        for (int column = 0; column < width; column++)
        {
            double length = gram.Values[column];
            double scale = length > Smallest * gram.Values[0] ? 1 / Math.Sqrt(length) : 0;
            for (int row = 0; row < width; row++)
            {
                turn.Row(row)[column] = (float)(scale * gram.Vectors[column][row]);
            }
        }

        MatrixProduct.Multiply(columns, turn, result, threadCount, cancellationToken);
    }
}
