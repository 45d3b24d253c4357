using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>One step of training after another: vectors of a batch, its loss, the gradients, and what they move.</summary>
/// <remarks>Four loops over fixed blocks. Nothing is allocated once entries have had their longest rows; the same bytes for
/// any thread count.</remarks>
internal sealed class TwoTowerStep : IDisposable
{
    private readonly TwoTowerExamples _examples;
    private readonly WorkerTeam _team;
    private readonly TowerOptimiser _userOptimiser;
    private readonly TowerOptimiser _itemOptimiser;
    private readonly BatchSoftmax _softmax;
    private readonly (Action<int> Forward, Action<int> Score, Action<int> Backward, Action<int> Update) _work;
    private readonly float[] _logQ;
    private readonly float[] _rowWeights;
    private readonly int[] _rows;
    private readonly int[] _stepStates;
    private readonly int[] _stepItems;
    private readonly float[] _shifts;
    private readonly float[] _weights;
    private readonly ulong _seed;
    private int _userCount;
    private int _itemCount;
    private ulong _draw;

    /// <param name="examples">The rows.</param>
    /// <param name="options">Settings.</param>
    /// <param name="counts">How often each state of an item is that of a row's own item in a pass.</param>
    /// <param name="rowWeights">Weight of each row, of mean 1; empty for 1.</param>
    /// <param name="context">Seed and threads.</param>
    public TwoTowerStep(
        TwoTowerExamples examples, TwoTowerOptions options, int[] counts, float[] rowWeights, FitContext context)
    {
        _examples = examples;
        _seed = context.Seed;
        UserTower = Tower.Draw(examples.UserInputs.Count, options, context.Seed, stream: 1);
        ItemTower = Tower.Draw(examples.ItemInputs.Count, options, context.Seed, stream: 2);
        if (context.WarmStart is { Model: TwoTowerModel earlier } start && earlier.Fits(options))
        {
            earlier.CopyTo(start, examples, UserTower, ItemTower);
        }

        int stepItems = options.BatchSize + options.UniformNegatives;
        Users = BlocksOf(UserTower, options.BatchSize);
        Items = BlocksOf(ItemTower, stepItems);
        _team = new WorkerTeam(context.ThreadCount);
        _userOptimiser = new TowerOptimiser(UserTower, Users, options.LearningRate);
        _itemOptimiser = new TowerOptimiser(ItemTower, Items, options.LearningRate);
        _softmax = new BatchSoftmax(options.BatchSize, stepItems, examples.Rows.ItemCount, options);
        _logQ = LogQ(examples, counts, options);
        _rowWeights = rowWeights;
        _rows = new int[options.BatchSize];
        _stepStates = new int[stepItems];
        _stepItems = new int[stepItems];
        _shifts = new float[stepItems];
        _weights = new float[rowWeights.Length == 0 ? 0 : options.BatchSize];
        _work = (Forward, Score, Backward, Update);
    }

    public Tower UserTower { get; }

    public Tower ItemTower { get; }

    /// <summary>The users of a step, block by block.</summary>
    internal TowerBlock[] Users { get; }

    /// <summary>The items of a step: those of the users first.</summary>
    internal TowerBlock[] Items { get; }

    /// <summary>Makes one step.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="negatives">States of items that are negatives of all.</param>
    /// <param name="draw">Number of what is drawn for this pass over the rows.</param>
    /// <returns>The mean loss before the step.</returns>
    public double Run(ReadOnlySpan<int> rows, ReadOnlySpan<int> negatives, ulong draw)
    {
        double loss = ComputeGradients(rows, negatives, draw);
        _userOptimiser.Begin();
        _itemOptimiser.Begin();
        _team.Run(2 * (RowGradients.PartCount + 1), _work.Update);
        return loss;
    }

    /// <summary>Does all of a step but moving the parameters.</summary>
    internal double ComputeGradients(ReadOnlySpan<int> rows, ReadOnlySpan<int> negatives, ulong draw)
    {
        _draw = draw;
        _userCount = rows.Length;
        _itemCount = rows.Length + negatives.Length;
        rows.CopyTo(_rows);
        for (int i = 0; i < _itemCount; i++)
        {
            _stepStates[i] = i < rows.Length ? _examples.StateOf(rows[i]) : negatives[i - rows.Length];
            _stepItems[i] = _examples.ItemOf(_stepStates[i]);
            _shifts[i] = _logQ[_stepStates[i]];
        }

        for (int i = 0; i < rows.Length && _weights.Length > 0; i++)
        {
            _weights[i] = _rowWeights[rows[i]];
        }

        _softmax.Begin(_stepItems.AsSpan(0, _itemCount));
        _team.Run(UserBlocks + ItemBlocks, _work.Forward);
        _team.Run(UserBlocks, _work.Score);
        _team.Run(UserBlocks + ItemBlocks, _work.Backward);
        _softmax.End(_stepItems.AsSpan(0, _itemCount));
        return _softmax.MeanLoss(_userCount);
    }

    /// <summary>Sets embeddings that nothing was learned for to zero.</summary>
    public void Finish()
    {
        _userOptimiser.ClearUnmet();
        _itemOptimiser.ClearUnmet();
    }

    public void Dispose() => _team.Dispose();

    private int UserBlocks => ParallelChunks.ChunkCount(_userCount, TowerBlock.Rows);

    private int ItemBlocks => ParallelChunks.ChunkCount(_itemCount, TowerBlock.Rows);

    private static TowerBlock[] BlocksOf(Tower tower, int rows) =>
    [
        .. Enumerable.Range(0, ParallelChunks.ChunkCount(rows, TowerBlock.Rows))
            .Select(_ => new TowerBlock(tower, TowerBlock.Rows, learns: true)),
    ];

    private void Forward(int piece)
    {
        bool isUser = piece < UserBlocks;
        int number = isUser ? piece : piece - UserBlocks;
        TowerBlock block = isUser ? Users[number] : Items[number];
        block.Entries.Clear();
        int first = number * TowerBlock.Rows;
        int end = Math.Min(first + TowerBlock.Rows, isUser ? _userCount : _itemCount);
        SeededRandom random = new(_seed + _draw, ((ulong)_rows[0] << 20) + (ulong)piece);
        for (int i = first; i < end; i++)
        {
            if (isUser)
            {
                _examples.AddUser(_rows[i], ref random, block.Entries);
            }
            else
            {
                _examples.AddState(_stepStates[i], ref random, block.Entries);
            }
        }

        block.Forward();
        if (!isUser)
        {
            _softmax.PackItems(number, block);
        }
    }

    private void Score(int number) => _softmax.Score(
        number, Users[number], _stepItems.AsSpan(0, _itemCount), _shifts.AsSpan(0, _itemCount), _weights);

    private void Backward(int piece)
    {
        if (piece < UserBlocks)
        {
            _softmax.FinishUsers(Users[piece], _userCount);
            Users[piece].Backward();
        }
        else
        {
            int number = piece - UserBlocks;
            _softmax.FinishItems(number, Items[number], _userCount);
            Items[number].Backward();
        }
    }

    private void Update(int piece)
    {
        bool isUser = piece % 2 == 0;
        TowerOptimiser optimiser = isUser ? _userOptimiser : _itemOptimiser;
        int blocks = isUser ? UserBlocks : ItemBlocks;
        int part = piece / 2;
        if (part < RowGradients.PartCount)
        {
            optimiser.UpdateTable(part, blocks);
        }
        else
        {
            optimiser.UpdateLayers(blocks);
        }
    }

    /// <summary>log q of each state, as much of it as is taken out: how often it is expected among the items of a step. Those
    /// that are drawn evenly come from the periods as often as rows do.</summary>
    private static float[] LogQ(TwoTowerExamples examples, int[] counts, TwoTowerOptions options)
    {
        double total = Math.Max(1, counts.Sum(static count => (double)count));
        double even = Math.Max((double)options.UniformNegatives, 1e-3) / examples.Rows.ItemCount;
        double[] inPeriod = new double[Enumerable.Range(0, counts.Length).Select(examples.PeriodOf).DefaultIfEmpty().Max() + 1];
        for (int state = 0; state < counts.Length; state++)
        {
            inPeriod[examples.PeriodOf(state)] += counts[state];
        }

        // Without a row nothing is drawn from a period either.
        double Share(int state) => Math.Max(1, inPeriod[examples.PeriodOf(state)]) / total;
        return
        [
            .. counts.Select((count, state) => (float)(options.Correction
                * Math.Log((options.BatchSize * count / total) + (even * Share(state))))),
        ];
    }
}
