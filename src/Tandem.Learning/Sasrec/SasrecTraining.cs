using Tandem.Faults;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Sasrec;

/// <summary>A training of the sequence transformer in progress: parameters, what the optimiser remembers, and where it
/// stands. It can be saved between two epochs and taken up again, to the same bytes as if it had never stopped.</summary>
internal sealed class SasrecTraining : IDisposable
{
    private const string CheckpointKind = "sasrec_checkpoint";
    private const int SequencesPerBlock = 16;
    private const int WarmUpSteps = 100;
    private const int RowsPerPiece = 512;

    private readonly SasrecOptions _options;
    private readonly SequenceSet _set;
    private readonly WorkerTeam _team;
    private readonly EmbeddingTable _items;
    private readonly NetworkDescent _descent;
    private readonly SasrecBlock[] _blocks;
    private readonly int[] _firstRows;
    private readonly int[] _order;
    private readonly CandidateSource _candidates;
    private readonly SoftmaxLoss _loss;
    private readonly RowBuffer _rows;
    private readonly RowBuffer _rowGradients;
    private readonly Action<int> _load;
    private readonly Action<int> _forward;
    private readonly Action<int> _backward;
    private readonly Action<int> _updateItems;
    private int _firstWindow;
    private int _blockCount;
    private int _windowCount;

    public SasrecTraining(Interactions rows, SasrecOptions options, FitContext context)
    {
        _options = options;
        _set = new SequenceSet(rows, options.HistoryLength, holdsOut: options.Patience > 0, context.Seed);
        _team = new WorkerTeam(context.ThreadCount);
        ParameterLayout layout = new();
        _ = SasrecNetwork.Create(layout, options);
        _items = new EmbeddingTable(
            rows.ItemCount, options.Factors, SasrecNetwork.FirstDeviation, context.Seed, stream: 0x17E);
        OptimiserOptions adam = new() { WeightDecay = (float)options.WeightDecay, SquareDecay = 0.98f };
        LearningRate rate = new() { Peak = options.LearningRate, WarmUpSteps = WarmUpSteps };
        _descent = new NetworkDescent(layout, _items, adam, rate, options.Patience, context.Seed);
        _blocks = new SasrecBlock[ParallelChunks.ChunkCount(Math.Min(options.BatchSize, Math.Max(1, _set.Count)), SequencesPerBlock)];
        for (int block = 0; block < _blocks.Length; block++)
        {
            _blocks[block] = new SasrecBlock(options, layout, _descent.Parameters, SequencesPerBlock);
        }

        _firstRows = new int[_blocks.Length + 1];
        _order = new int[_set.Count];
        _candidates = new CandidateSource(_items, _set, options.Negatives, context.Seed);
        _loss = new SoftmaxLoss(_team, options.Factors);
        _rows = new RowBuffer(options.Factors);
        _rowGradients = new RowBuffer(options.Factors);
        _load = Load;
        _forward = Forward;
        _backward = Backward;
        _updateItems = UpdateItems;
    }

    /// <summary>Epochs done.</summary>
    public int Epoch => _descent.Epoch;

    /// <summary>True where there is nothing left to do.</summary>
    public bool IsDone => Epoch >= _options.Epochs || _set.Count == 0 || (_set.HeldOut.Count > 0 && _descent.Stopping.ShouldStop);

    /// <summary>Mean loss of a target in the last epoch.</summary>
    public double LastLoss { get; private set; }

    /// <summary>NDCG@10 on held-out users after the last epoch; 0 where nobody is held out.</summary>
    public double LastFigure { get; private set; }

    /// <summary>Item factors as they are now.</summary>
    public EmbeddingTable Items => _items;

    /// <summary>The network's parameters as they are now.</summary>
    public float[] Parameters => _descent.Parameters;

    /// <summary>Passes over all windows once, in an order of the epoch's own, then looks at the held-out users.</summary>
    /// <exception cref="TandemException">LRN017: the loss is no number.</exception>
    public void RunEpoch(Interactions rows, CancellationToken cancellationToken)
    {
        _descent.Epoch++;
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _descent.Shuffle(_order);
        double loss = 0;
        long targets = 0;
        for (_firstWindow = 0; _firstWindow < _order.Length; _firstWindow += _options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loss += Step() * _rows.Count;
            targets += _rows.Count;
        }

        LastLoss = loss / Math.Max(1, targets);
        if (!double.IsFinite(LastLoss))
        {
            throw new TandemException(LearningErrors.RanAway(SasrecModel.KindName, Epoch));
        }

        if (_set.HeldOut.Count > 0)
        {
            LastFigure = HeldOutJudge.Ndcg(rows, _set.HeldOut, _options, _items, _descent.Parameters, _team);
            _descent.Stopping.Look(LastFigure);
        }
    }

    /// <summary>Puts the best parameters back, if anybody was held out to tell.</summary>
    public void TakeBest() => _descent.Stopping.Restore();

    /// <summary>Writes where the training stands.</summary>
    public void Save(Stream target) => _descent.Save(target, CheckpointKind);

    /// <summary>Takes up a training that was saved under the same rows, settings and seed.</summary>
    /// <exception cref="TandemException">LRN010 to LRN013: the bytes are no checkpoint of this training.</exception>
    public void Resume(Stream source) => _descent.Resume(source, CheckpointKind);

    /// <inheritdoc/>
    public void Dispose() => _team.Dispose();

    /// <summary>One step of the optimiser.</summary>
    /// <returns>Mean loss of a target.</returns>
    private double Step()
    {
        _windowCount = Math.Min(_options.BatchSize, _order.Length - _firstWindow);
        _blockCount = ParallelChunks.ChunkCount(_windowCount, SequencesPerBlock);
        _team.Run(_blockCount, _load);
        for (int block = 0; block < _blockCount; block++)
        {
            _firstRows[block + 1] = _firstRows[block] + _blocks[block].RowCount;
        }

        _rows.Resize(_firstRows[_blockCount]);
        _team.Run(_blockCount, _forward);
        SoftmaxTask task = _candidates.Prepare(_blocks.AsSpan(0, _blockCount), _descent.NextStep);
        double loss = _loss.Run(_rows, task, _rowGradients);
        _team.Run(_blockCount, _backward);

        float[] gradients = _blocks[0].Gradients;
        for (int block = 1; block < _blockCount; block++)
        {
            Kernel.AddScaled(1, _blocks[block].Gradients, gradients);
        }

        _candidates.Merge(_blocks.AsSpan(0, _blockCount));
        _descent.Step(gradients, _candidates.SumOfSquares());
        int pieces = _candidates.IsWhole ? ParallelChunks.ChunkCount(_items.Rows.RowCount, RowsPerPiece) : RowGradients.PartCount;
        _team.Run(pieces, _updateItems);
        return loss;
    }

    private void UpdateItems(int piece)
    {
        if (!_candidates.IsWhole)
        {
            _candidates.Sparse!.Apply(piece, _items, _descent.TableOptimiser, _descent.Clip);
            return;
        }

        int start = piece * RowsPerPiece * _items.Width;
        int length = Math.Min(RowsPerPiece * _items.Width, _items.Rows.Values.Length - start);
        Span<float> gradients = _candidates.Whole.AsSpan(start, length);
        Kernel.Scale(_descent.Clip, gradients);
        _descent.TableOptimiser.Update(_items.Rows.Values, start, gradients, decays: true);
    }

    private void Load(int block)
    {
        int first = block * SequencesPerBlock;
        int count = Math.Min(SequencesPerBlock, _windowCount - first);
        _blocks[block].Load(_set, _order.AsSpan(_firstWindow + first, count));
    }

    private void Forward(int block) =>
        _blocks[block].Forward(_items, _descent.SeedOf(block), _rows, _firstRows[block]);

    private void Backward(int block) => _blocks[block].Backward(_rowGradients, _firstRows[block]);
}
