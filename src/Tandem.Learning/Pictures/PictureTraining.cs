using Tandem.Faults;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Pictures;

/// <summary>A training of a network of pictures, epoch by epoch.</summary>
internal sealed class PictureTraining : IDisposable
{
    /// <summary>Pictures of a block: what is normalised together. Both pictures of a class are never in one.</summary>
    private const int BlockPictures = 32;

    private const int TurnCount = 8;
    private const int SettlingSteps = 16;
    private const double LongestGradient = 5;

    private readonly PictureSet _set;
    private readonly PictureNetworkOptions _options;
    private readonly ulong _seed;
    private readonly WorkerTeam _team;
    private readonly ParameterLayout _layout = new();
    private readonly float[] _parameters;
    private readonly Optimiser _optimiser;
    private readonly LearningRate _rate;
    private readonly PictureBlock[] _blocks;
    private readonly SoftmaxLoss _loss;
    private readonly SoftmaxTask _task;
    private readonly RowBuffer _rows;
    private readonly RowBuffer _rowGradients;
    private readonly int[] _starts;
    private readonly int[] _pictures;
    private readonly int[] _order;
    private readonly (int Picture, int Turn)[] _drawn;
    private readonly Action<int> _forward;
    private readonly Action<int> _backward;
    private readonly int _pairCount;
    private readonly int _blocksPerHalf;
    private ulong _stepSeed;

    public PictureTraining(PictureSet set, PictureNetworkOptions options, FitContext context)
    {
        _set = set;
        _options = options;
        _seed = context.Seed;
        (_starts, _pictures) = ByClass(set);
        int classCount = (_starts.Length - 1) * (options.Turns ? TurnCount : 1);
        _pairCount = Math.Min(options.BatchSize / 2, classCount);
        _order = [.. Enumerable.Range(0, classCount)];
        _drawn = new (int Picture, int Turn)[2 * _pairCount];
        _ = new PictureLayers(_layout, options, set.Channels);
        _parameters = _layout.Draw(context.Seed);
        _optimiser = new Optimiser(new OptimiserOptions { WeightDecay = (float)options.WeightDecay }, _parameters.Length);
        StepsPerEpoch = ParallelChunks.ChunkCount(set.Count, _drawn.Length);
        _rate = new LearningRate
        {
            Peak = options.LearningRate,
            WarmUpSteps = Math.Min(200, StepsPerEpoch * options.Epochs / 10),
            CosineSteps = StepsPerEpoch * options.Epochs,
        };
        _blocksPerHalf = ParallelChunks.ChunkCount(_pairCount, BlockPictures);
        _blocks = new PictureBlock[2 * _blocksPerHalf];
        for (int block = 0; block < _blocks.Length; block++)
        {
            _blocks[block] = new PictureBlock(options, set.Channels, _layout, _parameters);
        }

        _team = new WorkerTeam(context.ThreadCount);
        _loss = new SoftmaxLoss(_team, options.Length);
        _rows = new RowBuffer(options.Length);
        _rows.Resize(_drawn.Length);
        _rowGradients = new RowBuffer(options.Length);
        _task = new SoftmaxTask
        {
            Candidates = new float[_drawn.Length * options.Length],
            CandidateGradients = new float[_drawn.Length * options.Length],
            CandidateCount = _drawn.Length,
            CandidateIds = [.. Enumerable.Range(0, _drawn.Length).Select(row => row % _pairCount)],
            Labels = [.. Enumerable.Range(0, _drawn.Length).Select(row => (row + _pairCount) % _drawn.Length)],
            Scale = (float)(1 / options.Temperature),
        };
        _forward = Forward;
        _backward = Backward;
    }

    /// <summary>Steps that look at as many pictures as there are.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    /// <summary>Mean loss of a picture in the last epoch.</summary>
    public double LastLoss { get; private set; }

    /// <summary>The network's parameters as they are now.</summary>
    public float[] Parameters => _parameters;

    /// <summary>Runs one epoch.</summary>
    /// <exception cref="TandemException">LRN017: the loss is no number.</exception>
    public void RunEpoch(CancellationToken cancellationToken)
    {
        Epoch++;
        double loss = 0;
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loss += Step();
        }

        LastLoss = loss / StepsPerEpoch;
        if (!double.IsFinite(LastLoss))
        {
            throw new TandemException(LearningErrors.RanAway(PictureNetwork.KindName, Epoch));
        }
    }

    /// <summary>Sets the means and variances that pictures are normalised by from now on: those over a few more
    /// batches.</summary>
    /// <remarks>Paper: Wu and Johnson, <em>Rethinking "Batch" in BatchNorm</em>, 2021.</remarks>
    public void Settle()
    {
        double[][] sums = [.. _blocks[0].Norms.Select(static norm => new double[norm.BlockMeans.Length])];
        double[][] squares = [.. sums.Select(static values => new double[values.Length])];
        for (int step = 0; step < SettlingSteps; step++)
        {
            Draw(_rate.CosineSteps + step);
            _team.Run(_blocks.Length, _forward);
            foreach (PictureBlock block in _blocks)
            {
                for (int norm = 0; norm < sums.Length; norm++)
                {
                    for (int channel = 0; channel < sums[norm].Length; channel++)
                    {
                        double mean = block.Norms[norm].BlockMeans[channel];
                        sums[norm][channel] += mean;
                        squares[norm][channel] += block.Norms[norm].BlockVariances[channel] + (mean * mean);
                    }
                }
            }
        }

        double count = SettlingSteps * _blocks.Length;
        for (int norm = 0; norm < sums.Length; norm++)
        {
            for (int channel = 0; channel < sums[norm].Length; channel++)
            {
                double mean = sums[norm][channel] / count;
                _blocks[0].Norms[norm].Means.In(_parameters)[channel] = (float)mean;
                _blocks[0].Norms[norm].Variances.In(_parameters)[channel] =
                    (float)Math.Max(0, (squares[norm][channel] / count) - (mean * mean));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _team.Dispose();

    private static (int[] Starts, int[] Pictures) ByClass(PictureSet set)
    {
        int[] starts = new int[set.Classes.Max() + 2];
        foreach (int number in set.Classes)
        {
            starts[number + 1]++;
        }

        for (int number = 1; number < starts.Length; number++)
        {
            starts[number] += starts[number - 1];
        }

        int[] next = starts[..^1];
        int[] pictures = new int[set.Count];
        for (int picture = 0; picture < set.Count; picture++)
        {
            pictures[next[set.Classes[picture]]++] = picture;
        }

        return (starts, pictures);
    }

    private double Step()
    {
        Draw(_optimiser.StepCount);
        _team.Run(_blocks.Length, _forward);
        _rows.Values.CopyTo(_task.Candidates);
        double loss = _loss.Run(_rows, _task, _rowGradients);

        // A picture is asked about, and is an answer to others.
        Kernel.AddScaled(1, _task.CandidateGradients, _rowGradients.Values);
        _team.Run(_blocks.Length, _backward);
        float[] gradients = _blocks[0].Gradients;
        for (int block = 1; block < _blocks.Length; block++)
        {
            Kernel.AddScaled(1, _blocks[block].Gradients, gradients);
        }

        Kernel.Scale(GradientNorm.Clip(GradientNorm.SumOfSquares(gradients), LongestGradient), gradients);
        _optimiser.Begin(_rate.At(_optimiser.StepCount + 1));
        foreach (Parameter parameter in _layout.Parameters)
        {
            _optimiser.Update(_parameters, parameter.Start, parameter.In(gradients), parameter.Decays);
        }

        return loss;
    }

    /// <summary>Draws classes, each once, and of each two pictures; one alone is shown twice, distorted in two ways.</summary>
    private void Draw(int step)
    {
        // SplitMix's constant keeps the streams of steps apart.
        _stepSeed = _seed ^ ((ulong)(step + 1) * 0x9E3779B97F4A7C15UL);
        SeededRandom random = new(_stepSeed);
        for (int pair = 0; pair < _pairCount; pair++)
        {
            int pick = pair + random.NextInt(_order.Length - pair);
            (_order[pair], _order[pick]) = (_order[pick], _order[pair]);
            (int number, int turn) = Math.DivRem(_order[pair], _options.Turns ? TurnCount : 1);
            int count = _starts[number + 1] - _starts[number];
            int first = random.NextInt(count);
            int second = count == 1 ? first : (first + 1 + random.NextInt(count - 1)) % count;
            _drawn[pair] = (_pictures[_starts[number] + first], turn);
            _drawn[_pairCount + pair] = (_pictures[_starts[number] + second], turn);
        }
    }

    private (int First, int Count) RowsOf(int block)
    {
        (int half, int within) = Math.DivRem(block, _blocksPerHalf);
        int first = within * BlockPictures;
        return ((half * _pairCount) + first, Math.Min(BlockPictures, _pairCount - first));
    }

    private void Forward(int block)
    {
        (int first, int count) = RowsOf(block);
        _blocks[block].Load(_set, _drawn.AsSpan(first, count), _options.Distortion, _stepSeed, first);
        _blocks[block].Forward(_rows, first);
    }

    private void Backward(int block) => _blocks[block].Backward(_rowGradients, RowsOf(block).First);
}
