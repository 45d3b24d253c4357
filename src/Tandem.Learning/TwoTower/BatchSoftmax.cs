using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>The loss of a step: each user's own item against all items of the step, as shares exp(u·v/τ − log q) of their
/// sum. Scores are made 48 users at a time and used up at once; the whole matrix of scores never exists.</summary>
/// <remarks>q is how often the item is expected in a step: taking its logarithm away undoes that popular items are
/// negatives more often (Yi and others, 2019). Another place of the user's own item is no negative.</remarks>
internal sealed class BatchSoftmax
{
    // A block of scores of 1024 items stays in the second cache.
    private const int RowsAtOnce = 48;

    // Rows of scores must not lie a multiple of 4 KiB apart: they would share one set of the first cache.
    private const int Padding = 16;

    private readonly int _factors;
    private readonly float _inverseTemperature;
    private readonly float[] _upright;
    private readonly float[] _turned;
    private readonly float[][] _scores;
    private readonly float[][] _packedUsers;
    private readonly float[][] _itemSlopes;
    private readonly double[] _losses;
    private readonly int[] _next;
    private readonly int[] _firstOf;
    private int _itemCount;

    /// <param name="batchSize">Users of a step at most.</param>
    /// <param name="stepItems">Items of a step at most.</param>
    /// <param name="catalogueItems">Items that there are.</param>
    /// <param name="options">Factors and temperature.</param>
    public BatchSoftmax(int batchSize, int stepItems, int catalogueItems, TwoTowerOptions options)
    {
        _factors = options.Factors;
        _inverseTemperature = (float)(1 / options.Temperature);
        _upright = new float[PackedProduct.LengthOf(stepItems, _factors)];
        _turned = new float[PackedProduct.LengthOf(_factors, stepItems)];
        int chunks = ParallelChunks.ChunkCount(batchSize, TowerBlock.Rows);
        _scores = Each(chunks, RowsAtOnce * (stepItems + Padding));
        _packedUsers = Each(chunks, PackedProduct.LengthOf(RowsAtOnce, _factors));
        _itemSlopes = Each(chunks, stepItems * _factors);
        _losses = new double[chunks];
        _next = new int[stepItems];
        _firstOf = new int[catalogueItems];
        Array.Fill(_firstOf, -1);
    }

    /// <summary>Begins a step: finds the places of equal items.</summary>
    /// <param name="items">Items of the step, those of the users first.</param>
    public void Begin(ReadOnlySpan<int> items)
    {
        _itemCount = items.Length;
        for (int at = 0; at < items.Length; at++)
        {
            _next[at] = _firstOf[items[at]];
            _firstOf[items[at]] = at;
        }
    }

    /// <summary>Ends a step.</summary>
    /// <param name="items">The same items.</param>
    public void End(ReadOnlySpan<int> items)
    {
        foreach (int item in items)
        {
            _firstOf[item] = -1;
        }
    }

    /// <summary>Lays out the vectors of a block of items.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="block">The block.</param>
    public void PackItems(int number, TowerBlock block)
    {
        int first = number * TowerBlock.Rows;
        RowBuffer rows = block.Vectors;
        PackedProduct.PackRows(rows.Values, _factors, (first, rows.Count), _itemCount, _factors, _upright);
        PackedProduct.PackTransposed(rows.Values, _factors, _factors, rows.Count, _turned.AsSpan(first * _factors));
    }

    /// <summary>Computes the loss of a block of users, the gradient of their vectors, and the block's share of that of the
    /// items.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="users">The block.</param>
    /// <param name="items">Items of the step, those of the users first.</param>
    /// <param name="shifts">log q of each.</param>
    /// <param name="weights">Weight of each user's row; empty for 1.</param>
    public void Score(
        int number, TowerBlock users, ReadOnlySpan<int> items, ReadOnlySpan<float> shifts, ReadOnlySpan<float> weights)
    {
        int stride = _itemCount + Padding;
        users.VectorSlopes.Resize(users.Vectors.Count);
        _losses[number] = 0;
        for (int row = 0; row < users.Vectors.Count; row += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, users.Vectors.Count - row);
            Span<float> scores = _scores[number].AsSpan(0, count * stride);
            ReadOnlySpan<float> vectors = users.Vectors.Values.Slice(row * _factors, count * _factors);
            PackedProduct.Multiply(
                vectors, _factors, _turned, scores, stride, new ProductShape(count, _factors, _itemCount), adds: false);
            for (int i = 0; i < count; i++)
            {
                int user = (number * TowerBlock.Rows) + row + i;
                float weight = weights.IsEmpty ? 1 : weights[user];
                _losses[number] += weight * Share(user, scores.Slice(i * stride, _itemCount), items, shifts);
                if (!weights.IsEmpty)
                {
                    Kernel.Scale(weight, scores.Slice(i * stride, _itemCount));
                }
            }

            PackedProduct.Multiply(
                scores, stride, _upright, users.VectorSlopes.Values.Slice(row * _factors, count * _factors), _factors,
                new ProductShape(count, _itemCount, _factors), adds: false);
            PackedProduct.Pack(vectors, _factors, count, _factors, _packedUsers[number]);
            PackedProduct.MultiplyTransposed(
                scores, stride, _packedUsers[number], _itemSlopes[number], _factors,
                new ProductShape(_itemCount, count, _factors), adds: row > 0);
        }
    }

    /// <summary>Makes the gradients of a block of users those of the mean loss.</summary>
    public void FinishUsers(TowerBlock block, int userCount) =>
        Kernel.Scale(_inverseTemperature / userCount, block.VectorSlopes.Values);

    /// <summary>Adds the shares of the gradient of a block of items up, in the order of the blocks of users.</summary>
    public void FinishItems(int number, TowerBlock block, int userCount)
    {
        block.VectorSlopes.Resize(block.Vectors.Count);
        Span<float> slopes = block.VectorSlopes.Values;
        int first = number * TowerBlock.Rows * _factors;
        _itemSlopes[0].AsSpan(first, slopes.Length).CopyTo(slopes);
        for (int part = 1; part < ParallelChunks.ChunkCount(userCount, TowerBlock.Rows); part++)
        {
            Kernel.AddScaled(1, _itemSlopes[part].AsSpan(first, slopes.Length), slopes);
        }

        Kernel.Scale(_inverseTemperature / userCount, slopes);
    }

    /// <summary>The mean loss of the step.</summary>
    public double MeanLoss(int userCount)
    {
        double loss = 0;
        for (int chunk = 0; chunk < ParallelChunks.ChunkCount(userCount, TowerBlock.Rows); chunk++)
        {
            loss += _losses[chunk];
        }

        return loss / userCount;
    }

    /// <summary>Turns a user's scores into the slope of the loss: shares, and one less for the own item.</summary>
    /// <returns>The loss.</returns>
    private double Share(int user, Span<float> scores, ReadOnlySpan<int> items, ReadOnlySpan<float> shifts)
    {
        for (int place = _firstOf[items[user]]; place >= 0; place = _next[place])
        {
            if (place != user)
            {
                scores[place] = float.NegativeInfinity;
            }
        }

        float own = (scores[user] * _inverseTemperature) - shifts[user];
        float logSum = Kernel.Softmax(_inverseTemperature, shifts, scores);
        scores[user] -= 1;
        return logSum - own;
    }

    private static float[][] Each(int count, int length) =>
        [.. Enumerable.Range(0, count).Select(_ => new float[length])];
}
