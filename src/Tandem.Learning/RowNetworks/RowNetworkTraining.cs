using Tandem.Faults;
using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.RowNetworks;

/// <summary>A training of a network over rows in progress. It can be saved between two epochs and taken up again, to the same
/// bytes as if it had never stopped.</summary>
/// <remarks>Blocks of 64 rows, whose gradients are added up in their order, and parts of the table by input: the same bytes for
/// any thread count. A step allocates nothing once it met its longest rows.</remarks>
internal sealed class RowNetworkTraining : IDisposable
{
    private const string CheckpointKind = "row_network_checkpoint";
    private const int MostWarmUpSteps = 100;

    // Multiplications of a step below which threads wait for each other longer than they work.
    private const long LeastWork = 4_000_000;

    private readonly LabelledRows _rows;
    private readonly RowInputs _inputs;
    private readonly RowNetworkShape _shape;
    private readonly RowNetworkOptions _options;
    private readonly WorkerTeam _team;
    private readonly RowUnits _units;
    private readonly RowBatch _batch;
    private readonly RowScale _scale;
    private readonly RowLoss _loss;
    private readonly EmbeddingTable _table;
    private readonly NetworkDescent _descent;
    private readonly RowGradients _tableGradients;
    private readonly Block[] _blocks;
    private readonly int[] _order;
    private readonly RowBuffer _scores;
    private readonly RowBuffer _slopes;
    private readonly (Action<int> Forward, Action<int> Backward, Action<int> Gather, Action<int> Update) _work;
    private int _blockCount;
    private bool _isTraining;

    public RowNetworkTraining(
        LabelledRows rows, RowNetworkShape shape, RowNetworkOptions options, FitContext context)
    {
        _rows = rows;
        _shape = shape;
        _options = options;
        _inputs = RowInputs.Of(rows);
        _scale = RowScale.Of(rows);
        _units = new RowUnits(rows, options.Patience > 0 ? options.ValidationShare : 0, context.Seed);
        _batch = new RowBatch(rows, _units, _scale, options.BatchSize);
        _loss = new RowLoss(rows.Target, options.FocalGamma, options.OrderLoss);
        ParameterLayout layout = new();
        IRowNetwork first = shape.Create(_inputs, layout);
        _table = first.DrawTable(context.Seed);
        ClearUnmet();
        OptimiserOptions rule = new()
        {
            Kind = options.Optimiser,
            WeightDecay = (float)options.WeightDecay,
            InitialSum = 0,
        };
        _tableGradients = new RowGradients(_inputs.Count, _table.Width);
        int steps = options.Epochs * ParallelChunks.ChunkCount(_units.Learned.Sum(_units.CountOf), options.BatchSize);
        LearningRate rate = new()
        {
            Peak = options.LearningRate,
            WarmUpSteps = options.IsCosine ? Math.Min(MostWarmUpSteps, steps / 10) : 0,
            CosineSteps = options.IsCosine ? steps : 0,
        };
        _descent = new NetworkDescent(layout, _table, rule, rate, options.Patience, context.Seed);
        _blocks =
        [
            .. Enumerable.Range(0, ParallelChunks.ChunkCount(_batch.Capacity, RowNetworkModel.BlockRows))
                .Select(_ => new Block(shape.Create(_inputs, layout), _descent.Parameters)),
        ];
        _order = new int[_units.Learned.Length];
        _scores = new RowBuffer(shape.OutputCount);
        _slopes = new RowBuffer(shape.OutputCount);
        long work = (long)options.BatchSize * (_descent.Parameters.Length + _table.Width);
        _team = new WorkerTeam(work < LeastWork ? 1 : context.ThreadCount);
        _work = (Forward, Backward, Gather, Update);
    }

    /// <summary>Epochs done.</summary>
    public int Epoch => _descent.Epoch;

    /// <summary>True where there is nothing left to do.</summary>
    public bool IsDone => Epoch >= _options.Epochs || (_units.HeldOut.Length > 0 && _descent.Stopping.ShouldStop);

    /// <summary>Mean loss of the last epoch, each batch before it was learned from.</summary>
    public double LastLoss { get; private set; }

    /// <summary>Mean loss of the held-out rows after the last epoch; NaN where there are none.</summary>
    public double HeldOutLoss { get; private set; } = double.NaN;

    /// <summary>Passes over all rows once, in an order of the epoch's own, then looks at the held-out ones.</summary>
    /// <exception cref="TandemException">LRN017: the loss is no number.</exception>
    public void RunEpoch(CancellationToken cancellationToken)
    {
        _descent.Epoch++;
        _units.Learned.CopyTo(_order, 0);
        _descent.Shuffle(_order);
        LastLoss = Run(_order, isTraining: true, cancellationToken);
        if (!double.IsFinite(LastLoss))
        {
            throw new TandemException(LearningErrors.RanAway(_shape.Kind, Epoch));
        }

        if (_units.HeldOut.Length > 0)
        {
            HeldOutLoss = Run(_units.HeldOut, isTraining: false, cancellationToken);
            _descent.Stopping.Look(-HeldOutLoss);
        }
    }

    /// <summary>Ends the training with the best parameters, if anything was held out to tell, else the last.</summary>
    public RowNetworkModel ToModel()
    {
        _descent.Stopping.Restore();
        return new RowNetworkModel(_inputs, _shape, _rows.Target, _scale, _table, _descent.Parameters);
    }

    /// <summary>Writes where the training stands.</summary>
    public void Save(Stream target) => _descent.Save(target, CheckpointKind);

    /// <summary>Takes up a training that was saved under the same rows, settings and seed.</summary>
    /// <exception cref="TandemException">LRN010 to LRN013: the bytes are no checkpoint of this training.</exception>
    public void Resume(Stream source) => _descent.Resume(source, CheckpointKind);

    /// <inheritdoc/>
    public void Dispose() => _team.Dispose();

    /// <summary>Sets rows of the table that no row to learn from meets to zero: what was drawn for them means
    /// nothing.</summary>
    private void ClearUnmet()
    {
        bool[] isMet = new bool[_inputs.Count];
        EntryRows entries = new(1);
        foreach (int unit in _units.Learned)
        {
            for (int i = 0; i < _units.CountOf(unit); i++)
            {
                entries.Clear();
                _inputs.AddTo(entries, _rows.Features, _units.FirstOf(unit) + i);
                foreach (int input in entries.Columns)
                {
                    isMet[input] = true;
                }
            }
        }

        for (int input = 0; input < isMet.Length; input++)
        {
            if (!isMet[input])
            {
                _table.Rows.Row(input).Clear();
            }
        }
    }

    /// <summary>Goes over units, batch by batch.</summary>
    /// <returns>The mean loss.</returns>
    private double Run(ReadOnlySpan<int> units, bool isTraining, CancellationToken cancellationToken)
    {
        double sum = 0;
        long count = 0;
        int next = 0;
        _isTraining = isTraining;
        while (_batch.Fill(units, ref next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _blockCount = ParallelChunks.ChunkCount(_batch.Count, RowNetworkModel.BlockRows);
            _scores.Resize(_batch.Count);
            _team.Run(_blockCount, _work.Forward);
            (double loss, int losses) = _loss.Run(_scores, _batch.Labels, _batch.Weights, _batch.Starts, _slopes);
            sum += loss;
            count += losses;
            if (isTraining)
            {
                Step();
            }
        }

        return sum / Math.Max(1, count);
    }

    private void Step()
    {
        _team.Run(_blockCount, _work.Backward);
        float[] gradients = _blocks[0].Pass.Gradients;
        for (int block = 1; block < _blockCount; block++)
        {
            Kernel.AddScaled(1, _blocks[block].Pass.Gradients, gradients);
        }

        _team.Run(RowGradients.PartCount, _work.Gather);
        double squares = 0;
        for (int part = 0; part < RowGradients.PartCount; part++)
        {
            squares += _tableGradients.SumOfSquares(part);
        }

        _descent.Step(gradients, squares);
        _team.Run(RowGradients.PartCount, _work.Update);
    }

    private void Forward(int number)
    {
        Block block = _blocks[number];
        block.Network.Clear();
        int first = number * RowNetworkModel.BlockRows;
        int end = Math.Min(first + RowNetworkModel.BlockRows, _batch.Count);
        for (int i = first; i < end; i++)
        {
            block.Network.Add(_rows.Features, _batch.Rows[i]);
        }

        block.Pass.Seed = _descent.SeedOf(number);
        block.Pass.IsTraining = _isTraining;
        int width = _scores.Width;
        block.Network.Forward(_table, block.Pass).Values.CopyTo(_scores.Values[(first * width)..]);
    }

    private void Backward(int number)
    {
        Block block = _blocks[number];
        int first = number * RowNetworkModel.BlockRows;
        int width = _slopes.Width;
        block.Slopes.Resize(Math.Min(RowNetworkModel.BlockRows, _batch.Count - first));
        _slopes.Values.Slice(first * width, block.Slopes.Values.Length).CopyTo(block.Slopes.Values);
        Array.Clear(block.Pass.Gradients);
        block.Network.Backward(block.Slopes, _table, block.Pass);
    }

    private void Gather(int part)
    {
        _tableGradients.Clear(part);
        for (int number = 0; number < _blockCount; number++)
        {
            IRowNetwork network = _blocks[number].Network;
            _tableGradients.Add(part, network.Ids, network.IdGradients);
        }
    }

    private void Update(int part) => _tableGradients.Apply(part, _table, _descent.TableOptimiser, _descent.Clip);

    /// <summary>One copy of the network, and what is its own.</summary>
    private sealed class Block(IRowNetwork network, float[] parameters)
    {
        public IRowNetwork Network => network;

        public LayerPass Pass { get; } = new(parameters, new float[parameters.Length]);

        public RowBuffer Slopes { get; } = new(network.OutputCount);
    }
}
