namespace Tandem.Numerics;

/// <summary>Groups points around centroids: Lloyd's algorithm.</summary>
/// <remarks>Paper: Lloyd, <em>Least squares quantization in PCM</em>, 1982. The same bytes for any thread count: points
/// are assigned one by one, and means are added up in the order of the points.</remarks>
public static class KMeans
{
    private const int PointsPerChunk = 64 * ProductTile.Rows;
    private const float Split = 1f / 1024;

    /// <summary>Finds centroids.</summary>
    /// <param name="points">The points, one a row; at least as many as centroids.</param>
    /// <param name="count">Number of centroids, ≥ 1.</param>
    /// <param name="iterations">Passes over the points, ≥ 1; ends early where no point changes its group.</param>
    /// <param name="seed">Chooses the points to begin with.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <returns>The centroids, one a row.</returns>
    /// <remarks>O(iterations · points · centroids · columns). A centroid without points takes half of the points of the
    /// largest group, by standing a little beside its centroid.</remarks>
    public static Matrix Fit(
        Matrix points, int count, int iterations, ulong seed, int threadCount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, points.RowCount);
        Matrix centroids = Draw(points, count, seed);
        int[] before = new int[points.RowCount];
        int[] groups = new int[points.RowCount];
        Array.Fill(before, -1);
        for (int i = 0; i < iterations; i++)
        {
            Assign(points, centroids, groups, threadCount, cancellationToken);
            if (groups.AsSpan().SequenceEqual(before))
            {
                break;
            }

            Average(points, groups, centroids);
            (before, groups) = (groups, before);
        }

        return centroids;
    }

    /// <summary>Finds the nearest centroid of each point; equally near ones by the lowest number.</summary>
    /// <param name="points">The points, one a row.</param>
    /// <param name="centroids">The centroids, one a row.</param>
    /// <param name="groups">Receives a centroid's number for each point.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Assign(
        Matrix points, Matrix centroids, int[] groups, int threadCount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(centroids);
        ArgumentNullException.ThrowIfNull(groups);
        if (points.ColumnCount != centroids.ColumnCount || groups.Length != points.RowCount)
        {
            throw new ArgumentException("Points, centroids and groups do not fit together.", nameof(centroids));
        }

        // |x − c|² is least where x·c − |c|²/2 is greatest.
        int columns = points.ColumnCount;
        float[] packed = new float[PackedProduct.LengthOf(columns, centroids.RowCount)];
        PackedProduct.PackTransposed(centroids.Values, columns, columns, centroids.RowCount, packed);
        float[] halves = new float[centroids.RowCount];
        for (int i = 0; i < halves.Length; i++)
        {
            halves[i] = -0.5f * Kernel.Dot(centroids.Row(i), centroids.Row(i));
        }

        ParallelChunks.Run(
            points.RowCount, PointsPerChunk, threadCount,
            () => new float[ProductTile.Rows * halves.Length],
            (products, _, start, end) => AssignChunk(points, start, end, packed, halves, products, groups),
            cancellationToken);
    }

    private static void AssignChunk(
        Matrix points, int start, int end, float[] packed, float[] halves, float[] products, int[] groups)
    {
        int columns = points.ColumnCount;
        for (int point = start; point < end; point += ProductTile.Rows)
        {
            int count = Math.Min(ProductTile.Rows, end - point);
            PackedProduct.Multiply(
                points.Values.AsSpan(point * columns, count * columns), columns, packed, products, halves.Length,
                new ProductShape(count, columns, halves.Length), adds: false);
            for (int row = 0; row < count; row++)
            {
                Span<float> scores = products.AsSpan(row * halves.Length, halves.Length);
                Kernel.AddScaled(1, halves, scores);
                groups[point + row] = scores.IndexOf(Kernel.Max(scores));
            }
        }
    }

    private static Matrix Draw(Matrix points, int count, ulong seed)
    {
        int[] order = new int[points.RowCount];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        SeededRandom random = new(seed);
        Matrix drawn = new(count, points.ColumnCount);
        for (int i = 0; i < count; i++)
        {
            int other = i + random.NextInt(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
            points.Row(order[i]).CopyTo(drawn.Row(i));
        }

        return drawn;
    }

    private static void Average(Matrix points, int[] groups, Matrix centroids)
    {
        int[] sizes = new int[centroids.RowCount];
        Array.Clear(centroids.Values);
        for (int point = 0; point < groups.Length; point++)
        {
            sizes[groups[point]]++;
            Kernel.AddScaled(1, points.Row(point), centroids.Row(groups[point]));
        }

        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] > 0)
            {
                Kernel.Scale(1f / sizes[i], centroids.Row(i));
            }
        }

        for (int empty = 0; empty < sizes.Length; empty++)
        {
            if (sizes[empty] == 0)
            {
                Halve(centroids, sizes, empty);
            }
        }
    }

    private static void Halve(Matrix centroids, int[] sizes, int empty)
    {
        int largest = Array.IndexOf(sizes, sizes.Max());
        Span<float> from = centroids.Row(largest);
        Span<float> to = centroids.Row(empty);
        for (int i = 0; i < from.Length; i++)
        {
            float aside = (i & 1) == 0 ? Split : -Split;
            to[i] = from[i] * (1 + aside);
            from[i] *= 1 - aside;
        }

        sizes[empty] = sizes[largest] / 2;
        sizes[largest] -= sizes[empty];
    }
}
