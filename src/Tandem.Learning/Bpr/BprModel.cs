using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.Bpr;

/// <summary>Scores items by the inner product of user and item factors, learned from pairs. Kind <c>bpr</c>.</summary>
/// <remarks>A known user with an unchanged history uses the stored factor. A new user or history takes the same steps
/// as in training, the items held fixed, in an order and with draws that are always the same. Without any history the
/// answer is the order of popularity.</remarks>
public sealed class BprModel : IItemScorer
{
    internal const string KindName = "bpr";

    private const int FoldInPasses = 20;
    private const int LongestFoldIn = 200;

    private readonly Matrix _userFactors;
    private readonly Matrix _itemFactors;
    private readonly float[] _biases;
    private readonly float[] _shares;
    private readonly float[] _inverseNorms;
    private readonly BprOptions _options;
    private readonly ScratchPool<Scratch> _scratch;

    internal BprModel(Matrix userFactors, Matrix itemFactors, float[] biases, float[] shares, BprOptions options)
    {
        _userFactors = userFactors;
        _itemFactors = itemFactors;
        _biases = biases;
        _shares = shares;
        _options = options;
        _inverseNorms = InverseNorms.Of(itemFactors);
        _scratch = new ScratchPool<Scratch>(() => new Scratch(itemFactors.RowCount, itemFactors.ColumnCount));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _itemFactors.RowCount;

    /// <summary>Length of the factors.</summary>
    public int FactorCount => _itemFactors.ColumnCount;

    /// <inheritdoc/>
    /// <remarks>O(items·k), and O(history·k) more, twenty times, to fold in the last 200 items of a new
    /// history.</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        Scratch scratch = _scratch.Rent();
        if (TryFindFactor(query, scratch))
        {
            _itemFactors.Multiply(scratch.Factor, scores);
            Kernel.AddScaled(1, _biases, scores);
        }
        else
        {
            _shares.CopyTo(scores);
        }

        _scratch.Return(scratch);
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is the cosine of the factors.</remarks>
    public void ScoreSimilar(int item, Span<float> scores) =>
        InverseNorms.ScoreSimilar(_itemFactors, _inverseNorms, item, scores);

    /// <inheritdoc/>
    public void Save(Stream target) => ModelFile.Write(
        target,
        KindName,
        [
            new("users", _userFactors.RowCount),
            new("items", ItemCount),
            new("factors", FactorCount),
            new("learning_rate", _options.LearningRate),
            new("regularisation", _options.Regularisation),
        ],
        new ModelArray("item_factors", _itemFactors.Values),
        new ModelArray("user_factors", _userFactors.Values),
        new ModelArray("biases", _biases),
        new ModelArray("shares", _shares));

    /// <summary>Copies what is known of users and items; a user without rows had no taste, and begins anew.</summary>
    internal void CopyTo(WarmStart start, Matrix userFactors, Matrix itemFactors, float[] biases)
    {
        int[] known =
        [
            .. start.Users.Select(user =>
                user >= 0 && user < _userFactors.RowCount && _userFactors.Row(user).ContainsAnyExcept(0f) ? user : -1),
        ];
        WarmStart.Copy(_userFactors, known, userFactors);
        WarmStart.Copy(_itemFactors, start.Items, itemFactors);
        WarmStart.Copy(new Matrix(ItemCount, 1, _biases), start.Items, new Matrix(biases.Length, 1, biases));
    }

    internal static BprModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int users = content.Count("users");
        int items = content.Count("items");
        int factors = content.Count("factors");
        return new BprModel(
            new Matrix(users, factors, content.Floats("user_factors", (long)users * factors)),
            new Matrix(items, factors, content.Floats("item_factors", (long)items * factors)),
            content.Floats("biases", items),
            content.Floats("shares", items),
            new BprOptions
            {
                LearningRate = content.Setting("learning_rate"),
                Regularisation = content.Setting("regularisation"),
            });
    }

    private bool TryFindFactor(in ItemQuery query, Scratch scratch)
    {
        if (query.User >= 0 && query.User < _userFactors.RowCount && !query.HistoryIsNew)
        {
            _userFactors.Row(query.User).CopyTo(scratch.Factor);
        }
        else
        {
            FoldIn(query.History, scratch);
        }

        return scratch.Factor.AsSpan().ContainsAnyExcept(0f);
    }

    private void FoldIn(ReadOnlySpan<int> history, Scratch scratch)
    {
        history = history[Math.Max(0, history.Length - LongestFoldIn)..];
        Array.Clear(scratch.Factor);
        foreach (int item in history)
        {
            scratch.IsMet[item] = true;
        }

        SeededRandom random = new(seed: 0);
        for (int pass = 0; pass < FoldInPasses; pass++)
        {
            float rate = (float)(_options.LearningRate * (1 - ((double)pass / FoldInPasses)));
            foreach (int item in history)
            {
                int other = random.NextInt(ItemCount);
                if (!scratch.IsMet[other])
                {
                    float pull = scratch.Step.Pull(
                        scratch.Factor, _itemFactors.Row(item), _itemFactors.Row(other), _biases[item] - _biases[other]);
                    scratch.Step.MoveUser(scratch.Factor, pull, rate, (float)_options.Regularisation);
                }
            }
        }

        foreach (int item in history)
        {
            scratch.IsMet[item] = false;
        }
    }

    /// <summary>Work space of one query.</summary>
    private sealed class Scratch(int itemCount, int factorCount)
    {
        public float[] Factor { get; } = new float[factorCount];

        public bool[] IsMet { get; } = new bool[itemCount];

        public BprStep Step { get; } = new(factorCount);
    }
}
