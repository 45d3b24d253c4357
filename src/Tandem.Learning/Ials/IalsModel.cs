using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.Ials;

/// <summary>Scores items by the inner product of user and item factors. Kind <c>ials</c>.</summary>
/// <remarks>A known user with an unchanged history uses the stored factor; a new user or history is folded in by one k
/// × k system. Without any history the answer is the order of popularity.</remarks>
public sealed class IalsModel : IBatchScorer, IVectorScorer
{
    internal const string KindName = "ials";

    private const int ItemsAtOnce = 64;

    private readonly Matrix _userFactors;
    private readonly Matrix _itemFactors;
    private readonly Matrix _gram;
    private readonly float[] _shares;
    private readonly float[] _inverseNorms;
    private readonly FoldIn _foldIn;
    private readonly ScratchPool<Scratch> _scratch;

    internal IalsModel(Matrix userFactors, Matrix itemFactors, Matrix gram, float[] shares, FoldIn foldIn)
    {
        _userFactors = userFactors;
        _itemFactors = itemFactors;
        _gram = gram;
        _shares = shares;
        _foldIn = foldIn;
        _scratch = new ScratchPool<Scratch>(() => new Scratch(itemFactors.ColumnCount));
        _inverseNorms = InverseNorms.Of(itemFactors);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _itemFactors.RowCount;

    /// <summary>Length of the factors.</summary>
    public int FactorCount => _itemFactors.ColumnCount;

    /// <inheritdoc/>
    public Matrix ItemVectors => _itemFactors;

    internal Matrix UserFactors => _userFactors;

    /// <inheritdoc/>
    /// <remarks>O(items·k), and O(history·k² + k³) more to fold in.</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        Scratch scratch = _scratch.Rent();
        if (TryFindFactor(query, scratch.Equations, scratch.Factor))
        {
            _itemFactors.Multiply(scratch.Factor, scores);
        }
        else
        {
            _shares.CopyTo(scores);
        }

        _scratch.Return(scratch);
    }

    /// <inheritdoc/>
    public Matrix SampleQueries(int count, ulong seed)
    {
        Matrix sample = new(Math.Min(count, _userFactors.RowCount), FactorCount);
        SeededRandom random = new(seed);
        for (int i = 0; i < sample.RowCount; i++)
        {
            _userFactors.Row(random.NextInt(_userFactors.RowCount)).CopyTo(sample.Row(i));
        }

        return sample;
    }

    /// <inheritdoc/>
    public bool TryFindQuery(in ItemQuery query, Span<float> vector)
    {
        Scratch scratch = _scratch.Rent();
        bool isFound = TryFindFactor(query, scratch.Equations, vector);
        _scratch.Return(scratch);
        return isFound;
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is the cosine of the factors; an item never seen in training is like none.</remarks>
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
            new("regularisation", _foldIn.Regularisation),
            new("regularisation_exponent", _foldIn.RegularisationExponent),
            new("unobserved_weight", _foldIn.UnobservedWeight),
            new("half_life_days", _foldIn.HalfLifeDays),
        ],
        new ModelArray("item_factors", _itemFactors.Values),
        new ModelArray("user_factors", _userFactors.Values),
        new ModelArray("gram", _gram.Values),
        new ModelArray("shares", _shares));

    internal static IalsModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int users = content.Count("users");
        int items = content.Count("items");
        int factors = content.Count("factors");
        if (factors == 0)
        {
            throw ModelContent.Damaged("the factors have no length");
        }

        return new IalsModel(
            new Matrix(users, factors, content.Floats("user_factors", (long)users * factors)),
            new Matrix(items, factors, content.Floats("item_factors", (long)items * factors)),
            new Matrix(factors, factors, content.Floats("gram", (long)factors * factors)),
            content.Floats("shares", items),
            new FoldIn(
                content.Setting("regularisation"),
                content.Setting("regularisation_exponent"),
                content.Setting("unobserved_weight"),
                items,
                content.Setting("half_life_days")));
    }

    /// <inheritdoc/>
    /// <remarks>A few items at a time for all users, which reads the item factors once a batch; the numbers are the
    /// same.</remarks>
    void IBatchScorer.ScoreMany(int count, QuerySource queries, Matrix scores)
    {
        Matrix factors = new(count, FactorCount);
        bool[] isFound = new bool[count];
        Scratch scratch = _scratch.Rent();
        for (int user = 0; user < count; user++)
        {
            isFound[user] = TryFindFactor(queries(user), scratch.Equations, factors.Row(user));
            if (!isFound[user])
            {
                _shares.CopyTo(scores.Row(user));
            }
        }

        _scratch.Return(scratch);
        for (int first = 0; first < ItemCount; first += ItemsAtOnce)
        {
            int items = Math.Min(ItemsAtOnce, ItemCount - first);
            for (int user = 0; user < count; user++)
            {
                if (isFound[user])
                {
                    _itemFactors.MultiplyRows(first, factors.Row(user), scores.Row(user).Slice(first, items));
                }
            }
        }
    }

    private bool TryFindFactor(in ItemQuery query, NormalEquations equations, Span<float> factor)
    {
        bool isKnown = query.User >= 0 && query.User < _userFactors.RowCount && !query.HistoryIsNew;
        if (isKnown)
        {
            _userFactors.Row(query.User).CopyTo(factor);
            return factor.ContainsAnyExcept(0f);
        }

        return !query.History.IsEmpty
            && _foldIn.Solve(equations, _gram, _itemFactors, query, factor)
            && factor.ContainsAnyExcept(0f);
    }

    /// <summary>Work space of one query.</summary>
    private sealed class Scratch(int factorCount)
    {
        public float[] Factor { get; } = new float[factorCount];

        public NormalEquations Equations { get; } = new(factorCount);
    }
}
