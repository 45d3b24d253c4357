using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Descent;

/// <summary>Stochastic descent over pairs of a row and a column, by many threads, whose result does not depend on their
/// number.</summary>
/// <remarks>Rows and columns are dealt at random into as many blocks, anew each epoch. Cells of blocks that share neither
/// rows nor columns are worked on at once; within a cell one thread takes pair after pair: Gemulla et al.,
/// <em>Large-Scale Matrix Factorization with Distributed Stochastic Gradient Descent</em>, 2011. How many blocks there
/// are depends on the data alone.</remarks>
internal sealed class Strata
{
    private const int MaximumBlocks = 16;
    private const int FewestInBlock = 64;

    private readonly int[] _rowBlocks;
    private readonly int[] _columnBlocks;
    private readonly int[] _columns;
    private readonly int[] _columnStarts;
    private readonly ulong _seed;
    private int _epoch;

    public Strata(int rowCount, int columnCount, ulong seed)
    {
        BlockCount = Math.Clamp(Math.Min(rowCount, columnCount) / FewestInBlock, 1, MaximumBlocks);
        _rowBlocks = new int[rowCount];
        _columnBlocks = new int[columnCount];
        _columns = new int[columnCount];
        _columnStarts = new int[BlockCount + 1];
        _seed = seed;
    }

    /// <summary>Works on some pairs of one cell, one after another.</summary>
    /// <param name="scratch">The worker's own.</param>
    /// <param name="pairs">Indices of the pairs, in the order to take them.</param>
    /// <param name="block">Number of the block of columns.</param>
    /// <param name="random">The cell's own stream.</param>
    public delegate void Cell<TScratch>(
        TScratch scratch, ReadOnlySpan<int> pairs, int block, ref SeededRandom random);

    /// <summary>Number of blocks on each side.</summary>
    public int BlockCount { get; }

    /// <summary>The columns of one block; the caller may put them in another order until the next deal.</summary>
    public Span<int> ColumnsOf(int block) =>
        _columns.AsSpan(_columnStarts[block], _columnStarts[block + 1] - _columnStarts[block]);

    /// <summary>Where a block's columns begin among all.</summary>
    public int StartOf(int block) => _columnStarts[block];

    /// <summary>Deals rows and columns into blocks for one epoch.</summary>
    public void Deal(int epoch)
    {
        _epoch = epoch;
        SeededRandom random = new(_seed, StreamOf(0));
        int[] rows = new int[_rowBlocks.Length];
        Shuffle(rows, ref random);
        Shuffle(_columns, ref random);
        for (int place = 0; place < rows.Length; place++)
        {
            _rowBlocks[rows[place]] = BlockOf(place, rows.Length);
        }

        Array.Clear(_columnStarts);
        for (int place = 0; place < _columns.Length; place++)
        {
            int block = BlockOf(place, _columns.Length);
            _columnBlocks[_columns[place]] = block;
            _columnStarts[block + 1] = place + 1;
        }
    }

    /// <summary>Takes every pair once.</summary>
    /// <param name="rows">Row of each pair.</param>
    /// <param name="columns">Column of each pair.</param>
    /// <param name="threadCount">Threads at most.</param>
    /// <param name="createScratch">Makes one worker's scratch.</param>
    /// <param name="body">Work on a cell.</param>
    /// <param name="cancellationToken">Stops between cells.</param>
    public void Run<TScratch>(
        ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, int threadCount, Func<TScratch> createScratch,
        Cell<TScratch> body, CancellationToken cancellationToken)
    {
        (int[] starts, int[] pairs) = Sort(rows, columns);
        for (int stratum = 0; stratum < BlockCount; stratum++)
        {
            int shift = stratum;
            ParallelChunks.Run(
                BlockCount,
                chunkSize: 1,
                threadCount,
                createScratch,
                (scratch, _, rowBlock, _) =>
                {
                    int block = (rowBlock + shift) % BlockCount;
                    int cell = (rowBlock * BlockCount) + block;
                    SeededRandom random = new(_seed, StreamOf(1 + cell));
                    Span<int> own = pairs.AsSpan(starts[cell], starts[cell + 1] - starts[cell]);
                    for (int left = own.Length; left > 1; left--)
                    {
                        int other = random.NextInt(left);
                        (own[left - 1], own[other]) = (own[other], own[left - 1]);
                    }

                    body(scratch, own, block, ref random);
                },
                cancellationToken);
        }
    }

    /// <summary>Stops a descent whose steps were too long.</summary>
    /// <exception cref="TandemException">LRN017: a factor is not finite.</exception>
    public static void ThrowIfRanAway(string kind, int epoch, Matrix factors)
    {
        foreach (float value in factors.Values)
        {
            if (!float.IsFinite(value))
            {
                throw new TandemException(LearningErrors.RanAway(kind, epoch + 1));
            }
        }
    }

    /// <summary>Orders the pairs by their cell.</summary>
    private (int[] Starts, int[] Pairs) Sort(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns)
    {
        int[] starts = new int[(BlockCount * BlockCount) + 1];
        for (int pair = 0; pair < rows.Length; pair++)
        {
            starts[CellOf(rows[pair], columns[pair]) + 1]++;
        }

        for (int cell = 1; cell < starts.Length; cell++)
        {
            starts[cell] += starts[cell - 1];
        }

        int[] next = [.. starts];
        int[] pairs = new int[rows.Length];
        for (int pair = 0; pair < rows.Length; pair++)
        {
            pairs[next[CellOf(rows[pair], columns[pair])]++] = pair;
        }

        return (starts, pairs);
    }

    private int CellOf(int row, int column) => (_rowBlocks[row] * BlockCount) + _columnBlocks[column];

    private int BlockOf(int place, int count) => (int)((long)place * BlockCount / count);

    private ulong StreamOf(int of) => ((ulong)(_epoch + 1) << 32) + (ulong)of;

    private static void Shuffle(int[] values, ref SeededRandom random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int other = random.NextInt(i + 1);
            values[i] = values[other];
            values[other] = i;
        }
    }
}
