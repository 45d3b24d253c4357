using Tandem.Learning.Files;
using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>Scores items by the inner product of a user's vector with those of the items. Kind <c>two_tower</c>.</summary>
/// <remarks>The vectors of items are kept; that of a user is made for each query from the id where it is known, the history
/// and the attributes, so that somebody new is answered from these alone. Without any of them the answer is the order of
/// popularity.</remarks>
public sealed partial class TwoTowerModel : IBatchScorer, IGrowingScorer, IVectorScorer
{
    internal const string KindName = "two_tower";

    private const int ItemsAtOnce = 256;

    private readonly Tower _userTower;
    private readonly TowerInputs _userInputs;
    private readonly Tower _itemTower;
    private readonly TowerInputs _itemInputs;
    private readonly Matrix _itemVectors;
    private readonly float[] _inverse;
    private readonly AttributeRows _added;
    private readonly Matrix _addedVectors;
    private readonly float[] _shares;
    private readonly float[] _recency;
    private readonly bool _isOrdered;
    private readonly double _recencyDecay;
    private readonly ScratchPool<TowerBlock> _scratch;

    private TwoTowerModel(
        (Tower Tower, TowerInputs Inputs) users, (Tower Tower, TowerInputs Inputs) items, Matrix itemVectors, float[] shares,
        TwoTowerOptions history, (AttributeRows Rows, Matrix Vectors, float[] Inverse) added)
    {
        (_userTower, _userInputs) = users;
        (_itemTower, _itemInputs) = items;
        _itemVectors = itemVectors;
        (_added, _addedVectors, _inverse) = added;
        _shares = shares;
        _isOrdered = history.IsOrdered;
        _recencyDecay = history.RecencyDecay;
        _recency = TwoTowerExamples.RecencyOf(history);
        _scratch = new ScratchPool<TowerBlock>(() => new TowerBlock(_userTower, rowCapacity: 1, learns: false));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _itemVectors.RowCount + _addedVectors.RowCount;

    /// <summary>Length of the vectors.</summary>
    public int Factors => _itemVectors.ColumnCount;

    /// <inheritdoc/>
    public Matrix ItemVectors => _itemVectors;

    /// <inheritdoc/>
    public ReadOnlySpan<float> VectorOf(int item) => item < _itemVectors.RowCount
        ? _itemVectors.Row(item)
        : _addedVectors.Row(item - _itemVectors.RowCount);

    /// <inheritdoc/>
    /// <remarks>Of users without a history: what their ids say.</remarks>
    public Matrix SampleQueries(int count, ulong seed)
    {
        int users = _userInputs.IdCount;
        Matrix sample = new(Math.Min(count, users), Factors);
        SeededRandom random = new(seed);
        for (int i = 0; i < sample.RowCount; i++)
        {
            _ = TryFindQuery(new ItemQuery { User = random.NextInt(users) }, sample.Row(i));
        }

        return sample;
    }

    /// <inheritdoc/>
    public bool TryFindQuery(in ItemQuery query, Span<float> vector)
    {
        TowerBlock user = _scratch.Rent();
        bool isFound = TryFindVector(query, user);
        if (isFound)
        {
            user.Vectors.Row(0).CopyTo(vector);
        }

        _scratch.Return(user);
        return isFound;
    }

    /// <inheritdoc/>
    /// <remarks>O(items·factors + hidden·factors).</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        TowerBlock user = _scratch.Rent();
        if (TryFindVector(query, user))
        {
            Multiply(user.Vectors.Row(0), scores);
        }
        else
        {
            _shares.CopyTo(scores);
        }

        _scratch.Return(user);
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is the cosine of the vectors.</remarks>
    public void ScoreSimilar(int item, Span<float> scores)
    {
        Multiply(VectorOf(item), scores);
        InverseNorms.MakeCosines(_inverse, item, scores);
    }

    /// <inheritdoc/>
    /// <remarks>An item of which nothing is known has a vector of zeros. In a history the new items count by their
    /// attributes; a saved model forgets that.</remarks>
    public IItemScorer WithItems(int count, in FeatureRows attributes)
    {
        if (attributes.Count != 0 && attributes.Count != count)
        {
            throw new ArgumentException($"There are {attributes.Count} rows of attributes for {count} items.", nameof(attributes));
        }

        int before = _addedVectors.RowCount;
        Matrix vectors = new(before + count, Factors);
        _addedVectors.Values.CopyTo(vectors.Values, 0);
        TowerBlock block = new(_itemTower, rowCapacity: 1, learns: false);
        for (int i = 0; i < attributes.Count; i++)
        {
            block.Entries.Clear();
            _itemInputs.AddAttributes(attributes, i, block.Entries);
            if (block.Entries.Count > 0)
            {
                block.Entries.EndRow();
                block.Forward();
                block.Vectors.Row(0).CopyTo(vectors.Row(before + i));
            }
        }

        return new TwoTowerModel(
            (_userTower, _userInputs), (_itemTower, _itemInputs), _itemVectors, [.. _shares, .. new float[count]], History,
            (_added.Append(attributes, count), vectors,
            [.. _inverse.AsSpan(0, _itemVectors.RowCount), .. InverseNorms.Of(vectors)]));
    }

    /// <inheritdoc/>
    public void Save(Stream target)
    {
        List<KeyValuePair<string, double>> settings =
        [
            new("items", ItemCount),
            new("factors", Factors),
            new("hidden", _userTower.Hidden),
            new("layers", _userTower.Layers),
            new("normalise", _userTower.Normalises ? 1 : 0),
            new("history_length", _recency.Length),
            new("recency_decay", _recencyDecay),
            new("ordered", _isOrdered ? 1 : 0),
            new("history_sparse", _userInputs.HistorySparse),
            new("history_dense", _userInputs.HistoryDense),
            .. SettingsOf("user", _userInputs),
            .. SettingsOf("item", _itemInputs),
        ];
        ModelFile.Write(
            target,
            KindName,
            settings,
            new ModelArray("item_vectors", [.. _itemVectors.Values, .. _addedVectors.Values]),
            new ModelArray("shares", _shares),
            new ModelArray("user_table", _userTower.Table.Rows.Values),
            new ModelArray("user_layers", _userTower.Parameters),
            new ModelArray("item_table", _itemTower.Table.Rows.Values),
            new ModelArray("item_layers", _itemTower.Parameters));
    }

    /// <summary>Makes the model of fitted towers: computes the vectors of all items.</summary>
    internal static TwoTowerModel Of(
        TwoTowerExamples examples, Tower userTower, Tower itemTower, float[] shares, TwoTowerOptions options,
        FitContext context, CancellationToken cancellationToken)
    {
        TwoTowerExamples whole = new(examples.Rows, options with { IdDropout = 0 });
        Matrix vectors = ItemVectorsOf(
            itemTower, examples.Rows.ItemCount,
            (int item, ref SeededRandom random, EntryRows entries) => whole.AddItem(item, ref random, entries), context,
            cancellationToken);
        return new TwoTowerModel(
            (FoldHistory(examples, userTower), examples.UserInputs), (itemTower, examples.ItemInputs), vectors, shares, options,
            NothingAdded(examples.ItemInputs, vectors));
    }

    /// <summary>Adds to each item's row of the history what its attributes say there, so that answering reads one
    /// row.</summary>
    private static Tower FoldHistory(TwoTowerExamples examples, Tower tower)
    {
        TowerInputs inputs = examples.UserInputs;
        if (!inputs.ReadsHistoryAttributes)
        {
            return tower;
        }

        Matrix table = new(inputs.Count, tower.Factors, [.. tower.Table.Rows.Values]);
        EntryRows entries = new(rowCapacity: 1);
        for (int item = 0; item < inputs.HistoryCount; item++)
        {
            entries.Clear();
            inputs.AddHistoryAttributes(examples.Rows.ItemAttributes.Row(item), 0, weight: 1, entries);
            for (int i = 0; i < entries.Count; i++)
            {
                Kernel.AddScaled(entries.Values[i], table.Row(entries.Columns[i]), table.Row(inputs.IdCount + item));
            }
        }

        return tower.With(new EmbeddingTable(table));
    }

    internal static TwoTowerModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int items = content.Count("items");
        int factors = content.Count("factors");
        if (factors == 0)
        {
            throw ModelContent.Damaged("the vectors have no length");
        }

        TwoTowerOptions options = new()
        {
            Factors = factors,
            Hidden = content.Count("hidden"),
            Layers = content.Count("layers"),
            Normalise = content.Count("normalise") == 1,
            HistoryLength = content.Count("history_length"),
            RecencyDecay = content.Setting("recency_decay"),
            IsOrdered = content.Count("ordered") == 1,
        };
        Matrix vectors = new(items, factors, content.Floats("item_vectors", (long)items * factors));
        (Tower Tower, TowerInputs Inputs) item = LoadTower(content, "item", options, historyAttributes: false);
        return new TwoTowerModel(
            LoadTower(content, "user", options, historyAttributes: true), item,
            vectors, content.Floats("shares", items), options, NothingAdded(item.Inputs, vectors));
    }

    /// <inheritdoc/>
    /// <remarks>All users against a few hundred items at a time, which reads the items once a batch.</remarks>
    void IBatchScorer.ScoreMany(int count, QuerySource queries, Matrix scores)
    {
        Matrix vectors = new(count, Factors);
        bool[] isFound = new bool[count];
        TowerBlock one = _scratch.Rent();
        for (int user = 0; user < count; user++)
        {
            isFound[user] = TryFindVector(queries(user), one);
            if (isFound[user])
            {
                one.Vectors.Row(0).CopyTo(vectors.Row(user));
            }
        }

        _scratch.Return(one);
        float[] packed = new float[PackedProduct.LengthOf(Factors, ItemsAtOnce)];
        for (int first = 0; first < _itemVectors.RowCount; first += ItemsAtOnce)
        {
            int items = Math.Min(ItemsAtOnce, _itemVectors.RowCount - first);
            PackedProduct.PackTransposed(
                _itemVectors.Values.AsSpan(first * Factors, items * Factors), Factors, Factors, items, packed);
            PackedProduct.Multiply(
                vectors.Values, Factors, packed, scores.Values.AsSpan(first), ItemCount,
                new ProductShape(count, Factors, items), adds: false);
        }

        for (int user = 0; user < count; user++)
        {
            _addedVectors.Multiply(vectors.Row(user), scores.Row(user)[_itemVectors.RowCount..ItemCount]);
            if (!isFound[user])
            {
                _shares.CopyTo(scores.Row(user));
            }
        }
    }

    private static (AttributeRows Rows, Matrix Vectors, float[] Inverse) NothingAdded(TowerInputs items, Matrix vectors) => (
        AttributeRows.None with { SparseCount = items.SparseCount, DenseCount = items.DenseCount },
        new Matrix(0, vectors.ColumnCount), InverseNorms.Of(vectors));

    private void Multiply(ReadOnlySpan<float> vector, Span<float> scores)
    {
        _itemVectors.Multiply(vector, scores[.._itemVectors.RowCount]);
        _addedVectors.Multiply(vector, scores[_itemVectors.RowCount..]);
    }

    private TwoTowerOptions History => new()
    {
        HistoryLength = _recency.Length,
        RecencyDecay = _recencyDecay,
        IsOrdered = _isOrdered,
    };

    private static KeyValuePair<string, double>[] SettingsOf(string side, TowerInputs inputs) =>
    [
        new($"{side}_ids", inputs.IdCount),
        new($"{side}_history", inputs.HistoryCount),
        new($"{side}_sparse", inputs.SparseCount),
        new($"{side}_dense", inputs.DenseCount),
        new($"{side}_constant", inputs.HasConstant ? 1 : 0),
    ];

    private static (Tower Tower, TowerInputs Inputs) LoadTower(
        ModelContent content, string side, TwoTowerOptions options, bool historyAttributes)
    {
        TowerInputs inputs = new(
            content.Count($"{side}_ids"), content.Count($"{side}_history"), content.Count($"{side}_sparse"),
            content.Count($"{side}_dense"), historyAttributes ? content.Count("history_sparse") : 0,
            historyAttributes ? content.Count("history_dense") : 0,
            content.Has($"{side}_constant") && content.Count($"{side}_constant") == 1);
        if (options.Layers > 0 && options.Hidden == 0)
        {
            throw ModelContent.Damaged("a layer has no width");
        }

        Matrix table = new(
            inputs.Count, options.Factors, content.Floats($"{side}_table", (long)inputs.Count * options.Factors));
        return (
            Tower.Of(new EmbeddingTable(table), options, length => content.Floats($"{side}_layers", length)), inputs);
    }

    private bool TryFindVector(in ItemQuery query, TowerBlock block)
    {
        EntryRows entries = block.Entries;
        entries.Clear();
        int count = _isOrdered ? Math.Min(query.History.Length, _recency.Length) : query.History.Length;
        float total = _isOrdered ? Kernel.Sum(_recency.AsSpan(0, count)) : count;
        for (int back = 0; back < count; back++)
        {
            AddPast(query.History[^(back + 1)], (_isOrdered ? _recency[back] : 1) / total, entries);
        }

        _userInputs.AddAttributes(query.Attributes, 0, entries);
        if (query.User >= 0 && query.User < _userInputs.IdCount
            && _userTower.Table.Rows.Row(query.User).ContainsAnyExcept(0f))
        {
            _userInputs.AddId(query.User, entries);
        }

        if (entries.Count == 0)
        {
            return false;
        }

        entries.EndRow();
        block.Forward();
        return true;
    }

    /// <summary>Adds an item of the history; one that came after fitting by its attributes alone.</summary>
    private void AddPast(int item, float weight, EntryRows entries)
    {
        int added = item - _itemVectors.RowCount;
        if (added < 0)
        {
            _userInputs.AddHistory(item, weight, entries);
        }
        else
        {
            _userInputs.AddHistoryAttributes(_added.Row(added), 0, weight, entries);
        }
    }
}
