using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>Accumulates Σ w·x·xᵀ over many vectors, 64 at a time.</summary>
/// <remarks>Not thread safe. Memory: about size² + 64·size floats.</remarks>
public sealed class SymmetricSum
{
    private const int BatchSize = 64;

    private readonly float[] _batch;
    private int _batchCount;

    /// <summary>Makes an empty sum.</summary>
    /// <param name="size">Length of the vectors, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1.</exception>
    public SymmetricSum(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        PaddedSize = (size + RankUpdate.Block - 1) / RankUpdate.Block * RankUpdate.Block;

        // Rows a multiple of 4 KB apart would share the same few cache lines.
        Stride = PaddedSize + 16;
        Values = new float[PaddedSize * Stride];
        _batch = new float[BatchSize * Stride];
    }

    /// <summary>Length of the vectors.</summary>
    public int Size { get; }

    internal int PaddedSize { get; }

    internal int Stride { get; }

    /// <summary>The sum's upper triangle, in blocks, row-major with distance <see cref="Stride"/>; what is added since
    /// the last <see cref="Flush"/> is missing.</summary>
    internal float[] Values { get; }

    /// <summary>Starts again from zero.</summary>
    public void Clear()
    {
        _batchCount = 0;
        Values.AsSpan().Clear();
    }

    /// <summary>Starts again from a multiple of a symmetric matrix plus a multiple of the identity.</summary>
    /// <param name="start">Symmetric matrix, shape (size, size); its upper triangle is read.</param>
    /// <param name="scale">Factor of the matrix.</param>
    /// <param name="ridge">Added to the diagonal.</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public void Reset(Matrix start, float scale, float ridge)
    {
        if (start.RowCount != Size || start.ColumnCount != Size)
        {
            throw new ArgumentException(
                $"A sum of size {Size} cannot start from {start.RowCount} × {start.ColumnCount}.", nameof(start));
        }

        _batchCount = 0;
        for (int row = 0; row < Size; row++)
        {
            int from = row / RankUpdate.Block * RankUpdate.Block;
            Span<float> target = Values.AsSpan((row * Stride) + from, Size - from);
            start.Row(row)[from..].CopyTo(target);
            Kernel.Scale(scale, target);
            target[row - from] += ridge;
        }

        for (int row = Size; row < PaddedSize; row++)
        {
            Span<float> target = Values.AsSpan(row * Stride, PaddedSize);
            target.Clear();
            target[row] = 1;
        }
    }

    /// <summary>Adds w·x·xᵀ.</summary>
    /// <param name="x">Vector, length <see cref="Size"/>.</param>
    /// <param name="weight">w, ≥ 0.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public void Add(ReadOnlySpan<float> x, float weight)
    {
        if (x.Length != Size)
        {
            throw new ArgumentException($"The vector has {x.Length} elements, not {Size}.", nameof(x));
        }

        Span<float> row = _batch.AsSpan(_batchCount * Stride, Size);
        x.CopyTo(row);
        if (weight != 1)
        {
            Kernel.Scale(MathF.Sqrt(weight), row);
        }

        if (++_batchCount == BatchSize)
        {
            Flush();
        }
    }

    /// <summary>Adds Σ wᵢ·xᵢ·xᵢᵀ over chosen rows, and Σ wᵢ·xᵢ to a vector.</summary>
    /// <param name="rows">Rows that x are chosen from, of <see cref="Size"/> elements.</param>
    /// <param name="chosen">Which rows, all within them.</param>
    /// <param name="weights">wᵢ ≥ 0, one for each of them.</param>
    /// <param name="total">Vector of <see cref="PaddedSize"/> elements, updated in place.</param>
    /// <param name="nothing">As many zeros.</param>
    internal void Add(
        Matrix rows, ReadOnlySpan<int> chosen, ReadOnlySpan<float> weights, float[] total, float[] nothing)
    {
        ref float source = ref MemoryMarshal.GetArrayDataReference(rows.Values);
        int count;
        for (int first = 0; first < chosen.Length; first += count)
        {
            count = Math.Min(BatchSize - _batchCount, chosen.Length - first);
            ReadOnlySpan<float> those = weights.Slice(first, count);
            Kernel.AddProjections(
                ref source, chosen.Slice(first, count), ref _batch[_batchCount * Stride], Stride, those, target: 1,
                ref MemoryMarshal.GetArrayDataReference(nothing), ref MemoryMarshal.GetArrayDataReference(total), Size,
                PaddedSize);
            for (int i = 0; i < count; i++)
            {
                if (those[i] != 1)
                {
                    Kernel.Scale(MathF.Sqrt(those[i]), _batch.AsSpan((_batchCount + i) * Stride, Size));
                }
            }

            _batchCount += count;
            if (_batchCount == BatchSize)
            {
                Flush();
            }
        }
    }

    /// <summary>Computes MᵀM, the Gram matrix of a matrix's columns.</summary>
    /// <param name="matrix">M, shape (n, size).</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <returns>Symmetric matrix of shape (size, size), the same bytes for any thread count.</returns>
    /// <remarks>O(n·size²), in 32 chunks at most whose sums are merged in order.</remarks>
    public static Matrix Gram(Matrix matrix, int threadCount, CancellationToken cancellationToken)
    {
        int size = matrix.ColumnCount;
        int chunkSize = Math.Max(1024, (matrix.RowCount + 31) / 32);
        var parts = new Matrix[ParallelChunks.ChunkCount(matrix.RowCount, chunkSize)];
        ParallelChunks.Run(
            matrix.RowCount,
            chunkSize,
            threadCount,
            () => new SymmetricSum(size),
            (sum, chunk, start, end) =>
            {
                sum.Clear();
                for (int row = start; row < end; row++)
                {
                    sum.Add(matrix.Row(row), weight: 1);
                }

                parts[chunk] = new Matrix(size, size);
                sum.AddTo(parts[chunk]);
            },
            cancellationToken);
        Matrix gram = new(size, size);
        foreach (Matrix part in parts)
        {
            Kernel.AddScaled(1, part.Values, gram.Values);
        }

        return gram;
    }

    /// <summary>Adds the sum, both triangles, to a matrix.</summary>
    /// <param name="target">Matrix of shape (size, size), updated in place.</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public void AddTo(Matrix target)
    {
        if (target.RowCount != Size || target.ColumnCount != Size)
        {
            throw new ArgumentException(
                $"A sum of size {Size} cannot be added to {target.RowCount} × {target.ColumnCount}.", nameof(target));
        }

        Flush();
        for (int row = 0; row < Size; row++)
        {
            Span<float> values = target.Row(row);
            for (int column = 0; column < Size; column++)
            {
                values[column] += row <= column ? Values[(row * Stride) + column] : Values[(column * Stride) + row];
            }
        }
    }

    /// <summary>Brings what was added into <see cref="Values"/>.</summary>
    internal void Flush()
    {
        if (_batchCount > 0)
        {
            RankUpdate.Apply(
                ref MemoryMarshal.GetArrayDataReference(_batch), Stride, _batchCount,
                ref MemoryMarshal.GetArrayDataReference(Values), Stride, firstRow: 0, PaddedSize, PaddedSize, sign: 1);
            _batchCount = 0;
        }
    }
}
