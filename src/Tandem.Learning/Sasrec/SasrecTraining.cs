using Tandem.Faults;
using Tandem.Learning.Files;
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
    private const double LongestGradient = 5;
    private const int RowsPerPiece = 512;

    private readonly SasrecOptions _options;
    private readonly SequenceSet _set;
    private readonly ulong _seed;
    private readonly WorkerTeam _team;
    private readonly ParameterLayout _layout = new();
    private readonly float[] _parameters;
    private readonly EmbeddingTable _items;
    private readonly Optimiser _networkOptimiser;
    private readonly Optimiser _itemOptimiser;
    private readonly EarlyStopping _stopping;
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
    private readonly LearningRate _rate;
    private int _firstWindow;
    private int _blockCount;
    private int _windowCount;
    private float _clip;

    public SasrecTraining(Interactions rows, SasrecOptions options, FitContext context)
    {
        _options = options;
        _seed = context.Seed;
        _set = new SequenceSet(rows, options.HistoryLength, holdsOut: options.Patience > 0, context.Seed);
        _team = new WorkerTeam(context.ThreadCount);
        _ = SasrecNetwork.Create(_layout, options);
        _parameters = _layout.Draw(context.Seed);
        _items = new EmbeddingTable(
            rows.ItemCount, options.Factors, SasrecNetwork.FirstDeviation, context.Seed, stream: 0x17E);
        OptimiserOptions adam = new() { WeightDecay = (float)options.WeightDecay, SquareDecay = 0.98f };
        _networkOptimiser = new Optimiser(adam, _parameters.Length);
        _itemOptimiser = new Optimiser(adam, _items.Rows.Values.Length);
        _stopping = new EarlyStopping(Math.Max(1, options.Patience), _parameters, _items.Rows.Values);
        _blocks = new SasrecBlock[ParallelChunks.ChunkCount(Math.Min(options.BatchSize, Math.Max(1, _set.Count)), SequencesPerBlock)];
        for (int block = 0; block < _blocks.Length; block++)
        {
            _blocks[block] = new SasrecBlock(options, _layout, _parameters, SequencesPerBlock);
        }

        _firstRows = new int[_blocks.Length + 1];
        _order = new int[_set.Count];
        _candidates = new CandidateSource(_items, _set, options.Negatives, context.Seed);
        _loss = new SoftmaxLoss(_team, options.Factors);
        _rows = new RowBuffer(options.Factors);
        _rowGradients = new RowBuffer(options.Factors);
        _rate = new LearningRate { Peak = options.LearningRate, WarmUpSteps = WarmUpSteps };
        _load = Load;
        _forward = Forward;
        _backward = Backward;
        _updateItems = UpdateItems;
    }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    /// <summary>True where there is nothing left to do.</summary>
    public bool IsDone => Epoch >= _options.Epochs || _set.Count == 0 || (_set.HeldOut.Count > 0 && _stopping.ShouldStop);

    /// <summary>Mean loss of a target in the last epoch.</summary>
    public double LastLoss { get; private set; }

    /// <summary>NDCG@10 on held-out users after the last epoch; 0 where nobody is held out.</summary>
    public double LastFigure { get; private set; }

    /// <summary>Item factors as they are now.</summary>
    public EmbeddingTable Items => _items;

    /// <summary>The network's parameters as they are now.</summary>
    public float[] Parameters => _parameters;

    /// <summary>Passes over all windows once, in an order of the epoch's own, then looks at the held-out users.</summary>
    /// <exception cref="TandemException">LRN017: the loss is no number.</exception>
    public void RunEpoch(Interactions rows, CancellationToken cancellationToken)
    {
        Epoch++;
        Shuffle();
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
            LastFigure = HeldOutJudge.Ndcg(rows, _set.HeldOut, _options, _items, _parameters, _team);
            _stopping.Look(LastFigure);
        }
    }

    /// <summary>Puts the best parameters back, if anybody was held out to tell.</summary>
    public void TakeBest() => _stopping.Restore();

    /// <summary>Writes where the training stands.</summary>
    public void Save(Stream target) => ModelFile.Write(
        target,
        CheckpointKind,
        [
            new("epoch", Epoch),
            new("steps", _networkOptimiser.StepCount),
            new("has_best", double.IsFinite(_stopping.Best) ? 1 : 0),
            new("best", double.IsFinite(_stopping.Best) ? _stopping.Best : 0),
            new("looks_since_best", _stopping.LooksSinceBest),
        ],
        new ModelArray("network", _parameters),
        new ModelArray("network_means", _networkOptimiser.Means),
        new ModelArray("network_squares", _networkOptimiser.Squares),
        new ModelArray("best_network", _stopping.BestParameters[0]),
        new ModelArray("items", _items.Rows.Values),
        new ModelArray("item_means", _itemOptimiser.Means),
        new ModelArray("item_squares", _itemOptimiser.Squares),
        new ModelArray("best_items", _stopping.BestParameters[1]));

    /// <summary>Takes up a training that was saved under the same rows, settings and seed.</summary>
    /// <exception cref="TandemException">LRN010 to LRN013: the bytes are no checkpoint of this training.</exception>
    public void Resume(Stream source)
    {
        ModelContent content = ModelFile.Read(source, CheckpointKind);
        void Take(string name, float[] target) => content.Floats(name, target.Length).CopyTo(target, 0);
        Take("network", _parameters);
        Take("network_means", _networkOptimiser.Means);
        Take("network_squares", _networkOptimiser.Squares);
        Take("best_network", _stopping.BestParameters[0]);
        Take("items", _items.Rows.Values);
        Take("item_means", _itemOptimiser.Means);
        Take("item_squares", _itemOptimiser.Squares);
        Take("best_items", _stopping.BestParameters[1]);
        Epoch = content.Count("epoch");
        _networkOptimiser.StepCount = content.Count("steps");
        _itemOptimiser.StepCount = _networkOptimiser.StepCount;
        _stopping.Best = content.Count("has_best") == 1 ? content.Setting("best") : double.NegativeInfinity;
        _stopping.LooksSinceBest = content.Count("looks_since_best");
    }

    /// <inheritdoc/>
    public void Dispose() => _team.Dispose();

    private void Shuffle()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        SeededRandom random = new(_seed, (ulong)Epoch);
        random.Shuffle(_order);
    }

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
        SoftmaxTask task = _candidates.Prepare(_blocks.AsSpan(0, _blockCount), _networkOptimiser.StepCount + 1);
        double loss = _loss.Run(_rows, task, _rowGradients);
        _team.Run(_blockCount, _backward);

        float[] gradients = _blocks[0].Gradients;
        for (int block = 1; block < _blockCount; block++)
        {
            Kernel.AddScaled(1, _blocks[block].Gradients, gradients);
        }

        _candidates.Merge(_blocks.AsSpan(0, _blockCount));
        _clip = GradientNorm.Clip(GradientNorm.SumOfSquares(gradients) + _candidates.SumOfSquares(), LongestGradient);
        Update(gradients);
        return loss;
    }

    private void Update(float[] gradients)
    {
        double rate = _rate.At(_networkOptimiser.StepCount + 1);
        _networkOptimiser.Begin(rate);
        _itemOptimiser.Begin(rate);
        Kernel.Scale(_clip, gradients);
        foreach (Parameter parameter in _layout.Parameters)
        {
            _networkOptimiser.Update(_parameters, parameter.Start, parameter.In(gradients), parameter.Decays);
        }

        int pieces = _candidates.IsWhole ? ParallelChunks.ChunkCount(_items.Rows.RowCount, RowsPerPiece) : RowGradients.PartCount;
        _team.Run(pieces, _updateItems);
    }

    private void UpdateItems(int piece)
    {
        if (!_candidates.IsWhole)
        {
            _candidates.Sparse!.Apply(piece, _items, _itemOptimiser, _clip);
            return;
        }

        int start = piece * RowsPerPiece * _items.Width;
        int length = Math.Min(RowsPerPiece * _items.Width, _items.Rows.Values.Length - start);
        Span<float> gradients = _candidates.Whole.AsSpan(start, length);
        Kernel.Scale(_clip, gradients);
        _itemOptimiser.Update(_items.Rows.Values, start, gradients, decays: true);
    }

    private void Load(int block)
    {
        int first = block * SequencesPerBlock;
        int count = Math.Min(SequencesPerBlock, _windowCount - first);
        _blocks[block].Load(_set, _order.AsSpan(_firstWindow + first, count));
    }

    private void Forward(int block)
    {
        // SplitMix's constants keep the streams of steps and blocks apart.
        ulong seed = _seed ^ ((ulong)(_networkOptimiser.StepCount + 1) * 0x9E3779B97F4A7C15UL)
            ^ ((ulong)(block + 1) * 0xBF58476D1CE4E5B9UL);
        _blocks[block].Forward(_items, seed, _rows, _firstRows[block]);
    }

    private void Backward(int block) => _blocks[block].Backward(_rowGradients, _firstRows[block]);
}
