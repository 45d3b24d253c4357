namespace Tandem.Numerics;

/// <summary>The directions in which rows differ most, and where a row lies along them (principal component
/// analysis).</summary>
/// <param name="Mean">Mean of the rows, length n.</param>
/// <param name="Directions">Shape (k, n): orthonormal, in order of falling variance; the element of largest magnitude of each
/// is positive. Zero beyond the rank.</param>
/// <param name="Variances">Variance of the rows along each, length k.</param>
/// <param name="TotalVariance">Variance of the rows along all n.</param>
/// <remarks>K. Pearson, <em>On lines and planes of closest fit to systems of points in space</em>, 1901.</remarks>
public sealed record PrincipalComponents(
    IReadOnlyList<float> Mean, Matrix Directions, IReadOnlyList<double> Variances, double TotalVariance)
{
    // Of the square of the rows' products: an error falls by the fourth power of a ratio of deviations each time.
    private const int Iterations = 8;

    /// <summary>Finds them.</summary>
    /// <param name="rows">Shape (m, n), m ≥ 1; overwritten: the mean is taken away.</param>
    /// <param name="count">k, 1 to n.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <remarks>O(m·n² + k·n² + k³). Deterministic, the same bytes for any thread count.</remarks>
    public static PrincipalComponents Fit(
        Matrix rows, int count, int threadCount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.RowCount, 1, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, rows.ColumnCount);
        float[] mean = TakeMean(rows);
        Matrix gram = SymmetricSum.Gram(rows, threadCount, cancellationToken);
        (Matrix vectors, double[] values) = LeadingSubspace.Find(
            Sparse(gram), count, Iterations, seed: 1, threadCount, cancellationToken);
        Matrix directions = new(count, rows.ColumnCount);
        for (int k = 0; k < count; k++)
        {
            Span<float> direction = directions.Row(k);
            for (int column = 0; column < direction.Length; column++)
            {
                direction[column] = vectors.Row(column)[k];
            }

            Kernel.Scale(direction.ToArray().MaxBy(MathF.Abs) < 0 ? -1 : 1, direction);
        }

        double total = Enumerable.Range(0, gram.RowCount).Sum(i => (double)gram.Row(i)[i]);
        return new PrincipalComponents(
            mean, directions, [.. values.Select(value => value / rows.RowCount)], total / rows.RowCount);
    }

    private static SparseRows Sparse(Matrix matrix) => new(
        matrix.ColumnCount,
        [.. Enumerable.Range(0, matrix.RowCount + 1).Select(row => row * matrix.ColumnCount)],
        [.. Enumerable.Range(0, matrix.Values.Length).Select(place => place % matrix.ColumnCount)],
        matrix.Values);

    private static float[] TakeMean(Matrix rows)
    {
        double[] sums = new double[rows.ColumnCount];
        for (int row = 0; row < rows.RowCount; row++)
        {
            ReadOnlySpan<float> own = rows.Row(row);
            for (int column = 0; column < sums.Length; column++)
            {
                sums[column] += own[column];
            }
        }

        float[] mean = [.. sums.Select(sum => (float)(sum / rows.RowCount))];
        for (int row = 0; row < rows.RowCount; row++)
        {
            Kernel.AddScaled(-1, mean, rows.Row(row));
        }

        return mean;
    }
}
