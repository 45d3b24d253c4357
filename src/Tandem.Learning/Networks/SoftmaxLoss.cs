using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>The cross-entropy of choosing one candidate a row: −log softmax(s·h·eᵀ + b)[label], with its gradients. The
/// candidates are a whole catalogue (full softmax), a sample of it with b = −log of its sampling odds (sampled softmax),
/// the items of the batch (two towers), or other views of the rows (InfoNCE, where s is one over the temperature).</summary>
/// <remarks>Candidates are taken in chunks that depend on their number alone, and partial results are merged in order: the
/// same bytes for any thread count. Scores are computed twice rather than kept, so memory is O(rows·width·chunks) however
/// many candidates there are. Papers: Klenitskiy and Vasilev, <em>Turning Dross Into Gold Loss</em>, 2023 (full softmax);
/// Yi et al., <em>Sampling-Bias-Corrected Neural Modeling</em>, 2019 (b); van den Oord et al., <em>Representation Learning
/// with Contrastive Predictive Coding</em>, 2018 (InfoNCE).</remarks>
internal sealed class SoftmaxLoss
{
    private const int MostChunks = 16;
    private const int TileRows = 192;
    private const int TileColumns = 512;

    /// <summary>Rows of scores are this much longer than needed, so that columns do not fall on the same cache
    /// sets.</summary>
    private const int Gap = 16;

    /// <summary>Score of a candidate that does not count; finite, so that a chunk of them alone has a largest
    /// one.</summary>
    private const float Impossible = -1e30f;

    private readonly WorkerTeam _team;
    private readonly Chunk[] _chunks = new Chunk[MostChunks];
    private readonly Action<int> _normalise;
    private readonly Action<int> _differentiate;
    private readonly Action<int> _merge;
    private float[] _normalisers = [];
    private double[] _rowLosses = [];
    private int[] _firstOfId = [];
    private int[] _nextOfId = [];
    private SoftmaxTask _task = new();
    private RowBuffer _rows = new(1);
    private RowBuffer _rowGradients = new(1);
    private int _chunkCount;
    private int _chunkSize;

    public SoftmaxLoss(WorkerTeam team, int width)
    {
        _team = team;
        _normalise = Normalise;
        _differentiate = Differentiate;
        _merge = Merge;
        for (int chunk = 0; chunk < MostChunks; chunk++)
        {
            _chunks[chunk] = new Chunk(width);
        }
    }

    /// <summary>Computes the loss of a batch and its gradients.</summary>
    /// <param name="rows">h, shape (rows, width).</param>
    /// <param name="task">Candidates and labels.</param>
    /// <param name="rowGradients">Receives the gradient of h.</param>
    /// <returns>The mean loss of a row.</returns>
    public double Run(RowBuffer rows, SoftmaxTask task, RowBuffer rowGradients)
    {
        if (rows.Count == 0 || task.CandidateCount == 0)
        {
            rowGradients.Resize(rows.Count);
            rowGradients.Values.Clear();
            return 0;
        }

        Prepare(rows, task, rowGradients);
        _team.Run(_chunkCount, _normalise);
        MergeNormalisers();
        _team.Run(_chunkCount, _differentiate);
        _team.Run(ParallelChunks.ChunkCount(rows.Count, TileRows), _merge);
        double loss = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            loss += _rowLosses[row];
        }

        return loss / rows.Count;
    }

    private void Prepare(RowBuffer rows, SoftmaxTask task, RowBuffer rowGradients)
    {
        _task = task;
        _rows = rows;
        _rowGradients = rowGradients;
        rowGradients.Resize(rows.Count);

        // Even chunks of whole strips of 32 candidates, at most 16.
        int strips = ParallelChunks.ChunkCount(task.CandidateCount, 32);
        _chunkSize = 32 * ParallelChunks.ChunkCount(strips, MostChunks);
        _chunkCount = ParallelChunks.ChunkCount(task.CandidateCount, _chunkSize);
        for (int chunk = 0; chunk < _chunkCount; chunk++)
        {
            _chunks[chunk].Resize(rows.Count);
        }

        if (_normalisers.Length < rows.Count)
        {
            _normalisers = new float[2 * rows.Count];
            _rowLosses = new double[2 * rows.Count];
        }

        if (task.CandidateIds.Length > 0)
        {
            ChainIds(task);
        }
    }

    /// <summary>Chains candidates of the same id, so that a row finds the others of its label's id without a search; a hash
    /// of the id finds the chain's beginning.</summary>
    private void ChainIds(SoftmaxTask task)
    {
        int count = task.CandidateCount;
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * count));
        if (_firstOfId.Length < size)
        {
            _firstOfId = new int[size];
        }

        if (_nextOfId.Length < count)
        {
            _nextOfId = new int[2 * count];
        }

        Array.Fill(_firstOfId, -1);
        for (int candidate = count - 1; candidate >= 0; candidate--)
        {
            ref int first = ref _firstOfId[Place(task.CandidateIds[candidate])];
            _nextOfId[candidate] = first;
            first = candidate;
        }
    }

    private int Place(int id) => (int)(((uint)id * 2654435769u) & (uint)(_firstOfId.Length - 1));

    /// <summary>Largest score and sum of exponentials of every row, of one chunk of candidates.</summary>
    private void Normalise(int number)
    {
        Chunk chunk = _chunks[number];
        Array.Fill(chunk.Largest, float.NegativeInfinity, 0, _rows.Count);
        Array.Clear(chunk.Sums, 0, _rows.Count);
        int end = Math.Min((number + 1) * _chunkSize, _task.CandidateCount);
        for (int first = number * _chunkSize; first < end; first += TileColumns)
        {
            int columns = Math.Min(TileColumns, end - first);
            chunk.Keys.Pack(Candidates(first, columns).Transposed);
            for (int row = 0; row < _rows.Count; row += TileRows)
            {
                int count = Math.Min(TileRows, _rows.Count - row);
                Score(chunk, (row, count), (first, columns));
                for (int i = 0; i < count; i++)
                {
                    Span<float> scores = chunk.Scores.AsSpan(i * (TileColumns + Gap), columns);
                    float before = chunk.Largest[row + i];
                    float largest = MathF.Max(before, Kernel.Max(scores));
                    float kept = before > float.NegativeInfinity ? chunk.Sums[row + i] * MathF.Exp(before - largest) : 0;
                    chunk.Sums[row + i] = kept + Kernel.ExpSum(scores, largest);
                    chunk.Largest[row + i] = largest;
                }
            }
        }
    }

    private void MergeNormalisers()
    {
        for (int row = 0; row < _rows.Count; row++)
        {
            float largest = float.NegativeInfinity;
            for (int chunk = 0; chunk < _chunkCount; chunk++)
            {
                largest = MathF.Max(largest, _chunks[chunk].Largest[row]);
            }

            double sum = 0;
            for (int chunk = 0; chunk < _chunkCount; chunk++)
            {
                sum += _chunks[chunk].Sums[row] * Math.Exp(_chunks[chunk].Largest[row] - largest);
            }

            _normalisers[row] = (float)(largest + Math.Log(sum));
        }
    }

    /// <summary>G = (softmax − label) / rows, then de += s·Gᵀ·h and the chunk's part of dh = s·G·e.</summary>
    private void Differentiate(int number)
    {
        Chunk chunk = _chunks[number];
        chunk.RowGradients.Resize(_rows.Count);
        chunk.RowGradients.Values.Clear();
        int width = _rows.Width;
        int end = Math.Min((number + 1) * _chunkSize, _task.CandidateCount);
        for (int first = number * _chunkSize; first < end; first += TileColumns)
        {
            int columns = Math.Min(TileColumns, end - first);
            chunk.Keys.Pack(Candidates(first, columns).Transposed);
            chunk.Values.Pack(Candidates(first, columns));
            Span<float> candidateGradients = _task.CandidateGradients.AsSpan(first * width, columns * width);
            if (!_task.AddsGradients)
            {
                candidateGradients.Clear();
            }

            for (int row = 0; row < _rows.Count; row += TileRows)
            {
                int count = Math.Min(TileRows, _rows.Count - row);
                Score(chunk, (row, count), (first, columns));
                for (int i = 0; i < count; i++)
                {
                    DifferentiateRow(row + i, first, chunk.Scores.AsSpan(i * (TileColumns + Gap), columns));
                }

                MatrixView slopes = new(chunk.Scores, count, columns, TileColumns + Gap);
                MatrixProduct.Add(
                    slopes, chunk.Values, chunk.RowGradients.Values.Slice(row * width, count * width));
                MatrixProduct.Add(slopes.Transposed, RowsFrom(row, count), candidateGradients);
            }
        }
    }

    private void DifferentiateRow(int row, int first, Span<float> scores)
    {
        int label = _task.Labels[row] - first;
        bool isHere = label >= 0 && label < scores.Length;
        float weight = _task.RowWeights.Length == 0 ? 1 : _task.RowWeights[row];
        if (isHere)
        {
            _rowLosses[row] = weight * ((double)_normalisers[row] - scores[label]);
        }

        float scale = weight * _task.Scale / _rows.Count;
        _ = Kernel.ExpSum(scores, _normalisers[row]);
        Kernel.Scale(scale, scores);
        if (_task.CandidateIds.Length > 0)
        {
            MaskHits(row, first, scores, value: 0);
        }

        if (isHere)
        {
            scores[label] -= scale;
        }
    }

    private void Merge(int number)
    {
        int start = number * TileRows;
        int count = Math.Min(TileRows, _rows.Count - start);
        int width = _rows.Width;
        Span<float> target = _rowGradients.Values.Slice(start * width, count * width);
        target.Clear();
        for (int chunk = 0; chunk < _chunkCount; chunk++)
        {
            Kernel.AddScaled(1, _chunks[chunk].RowGradients.Values.Slice(start * width, count * width), target);
        }
    }

    private void Score(Chunk chunk, (int First, int Count) rows, (int First, int Count) columns)
    {
        MatrixProduct.Multiply(RowsFrom(rows.First, rows.Count), chunk.Keys, chunk.Scores, TileColumns + Gap);
        for (int i = 0; i < rows.Count; i++)
        {
            Span<float> scores = chunk.Scores.AsSpan(i * (TileColumns + Gap), columns.Count);
            if (_task.Scale != 1)
            {
                Kernel.Scale(_task.Scale, scores);
            }

            if (_task.Biases.Length > 0)
            {
                Kernel.AddScaled(1, _task.Biases.AsSpan(columns.First, columns.Count), scores);
            }

            if (_task.CandidateIds.Length > 0)
            {
                MaskHits(rows.First + i, columns.First, scores, Impossible);
            }
        }
    }

    /// <summary>Other candidates of the label's own id are no wrong answers: they do not count.</summary>
    private void MaskHits(int row, int first, Span<float> scores, float value)
    {
        int label = _task.Labels[row];
        int id = _task.CandidateIds[label];
        for (int candidate = _firstOfId[Place(id)]; candidate >= 0; candidate = _nextOfId[candidate])
        {
            int column = candidate - first;
            if (candidate != label && column >= 0 && column < scores.Length && _task.CandidateIds[candidate] == id)
            {
                scores[column] = value;
            }
        }
    }

    private MatrixView Candidates(int first, int count) =>
        new(_task.Candidates.AsSpan(first * _rows.Width, count * _rows.Width), count, _rows.Width);

    private MatrixView RowsFrom(int first, int count) =>
        new(_rows.Values.Slice(first * _rows.Width, count * _rows.Width), count, _rows.Width);

    /// <summary>What one chunk of candidates works with.</summary>
    private sealed class Chunk(int width)
    {
        public float[] Scores { get; } = new float[TileRows * (TileColumns + Gap)];

        public PackedMatrix Keys { get; } = new();

        public PackedMatrix Values { get; } = new();

        public RowBuffer RowGradients { get; } = new(width);

        public float[] Largest { get; private set; } = [];

        public float[] Sums { get; private set; } = [];

        public void Resize(int rows)
        {
            if (Largest.Length < rows)
            {
                Largest = new float[2 * rows];
                Sums = new float[2 * rows];
            }
        }
    }
}
