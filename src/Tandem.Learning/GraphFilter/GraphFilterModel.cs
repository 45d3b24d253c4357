using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.GraphFilter;

/// <summary>Scores items by passing a history through low-pass filters of the user-item graph, and sharpening what comes
/// out. Kind <c>graph_filter</c>.</summary>
/// <remarks>With r the history, P = ÂᵀÂ and V its leading eigenvectors: b = r·P + α·r·C^(−½)·V·Vᵀ·C^(½), which is GF-CF
/// (Shen et al., <em>How Powerful is Graph Convolution for Recommendation?</em>, 2021); then the sharpening process of
/// Choi et al., <em>Blurring-Sharpening Process Models for Collaborative Filtering</em>, 2023, ds/dt = −s·P for a time T,
/// as its Taylor series to the fourth power, which is one step of a Runge-Kutta solver. It needs no user: new users are
/// as good as known ones. An empty history gets the order of popularity.</remarks>
public sealed class GraphFilterModel : IBatchScorer
{
    internal const string KindName = "graph_filter";

    private const int Powers = 4;

    private readonly SparseRows _users;
    private readonly SparseRows _items;
    private readonly float[] _itemWeights;
    private readonly Matrix _directions;
    private readonly float _idealWeight;
    private readonly float _sharpening;
    private readonly float[] _tieBreak;
    private readonly ScratchPool<Scratch> _scratch;

    internal GraphFilterModel(
        SparseRows users, float[] itemWeights, Matrix directions, float idealWeight, float sharpening,
        float[] tieBreak)
    {
        _users = users;
        _items = users.Transpose();
        _itemWeights = itemWeights;
        _directions = directions;
        _idealWeight = idealWeight;
        _sharpening = sharpening;
        _tieBreak = tieBreak;
        _scratch = new ScratchPool<Scratch>(
            () => new Scratch(users.RowCount, users.ColumnCount, directions.ColumnCount));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _users.ColumnCount;

    /// <inheritdoc/>
    /// <remarks>A repeated item counts each time. O(rows of those who share an item + items·k), and with sharpening
    /// O(rows) more.</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        Scratch scratch = _scratch.Rent();
        Begin(query.History, scratch, scores);
        if (_idealWeight > 0 && !query.History.IsEmpty)
        {
            _directions.Multiply(scratch.Direction, scratch.Items);
            for (int item = 0; item < scores.Length; item++)
            {
                scores[item] += _idealWeight * MathF.Sqrt(_itemWeights[item]) * scratch.Items[item];
            }
        }

        if (_sharpening > 0 && !query.History.IsEmpty)
        {
            Sharpen(scores, scratch);
        }

        Kernel.AddScaled(1, _tieBreak, scores);
        _scratch.Return(scratch);
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is what the filters make of a history of this item alone.</remarks>
    public void ScoreSimilar(int item, Span<float> scores)
    {
        ScoreItems(new ItemQuery { User = -1, History = [item], HistoryIsNew = true }, scores);
        scores[item] = float.NegativeInfinity;
    }

    /// <inheritdoc/>
    public void Save(Stream target) => ModelFile.Write(
        target,
        KindName,
        [
            new("items", ItemCount),
            new("users", _users.RowCount),
            new("factors", _directions.ColumnCount),
            new("ideal_weight", _idealWeight),
            new("sharpening", _sharpening),
        ],
        new ModelArray("starts", _users.Starts),
        new ModelArray("columns", _users.Columns),
        new ModelArray("weights", _users.Values),
        new ModelArray("item_weights", _itemWeights),
        new ModelArray("directions", _directions.Values),
        new ModelArray("tie_break", _tieBreak));

    internal static GraphFilterModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int items = content.Count("items");
        int users = content.Count("users");
        int factors = content.Count("factors");
        int rows = content.LengthOf("columns");
        try
        {
            return new GraphFilterModel(
                new SparseRows(
                    items, content.Wholes("starts", users + 1L), content.Wholes("columns", rows),
                    content.Floats("weights", rows)),
                content.Floats("item_weights", items),
                new Matrix(items, factors, content.Floats("directions", (long)items * factors)),
                (float)content.Setting("ideal_weight"),
                (float)content.Setting("sharpening"),
                content.Floats("tie_break", items));
        }
        catch (ArgumentException wrong)
        {
            throw ModelContent.Damaged("the rows do not fit together", wrong);
        }
    }

    /// <inheritdoc/>
    /// <remarks>One lane a user: a pass over directions or graph serves all of them.</remarks>
    void IBatchScorer.ScoreMany(int count, QuerySource queries, Matrix scores)
    {
        Scratch scratch = _scratch.Rent();
        Matrix through = new(_directions.ColumnCount, count);
        for (int lane = 0; lane < count; lane++)
        {
            Begin(queries(lane).History, scratch, scores.Row(lane));
            for (int i = 0; i < scratch.Direction.Length; i++)
            {
                through.Row(i)[lane] = scratch.Direction[i];
            }
        }

        _scratch.Return(scratch);
        Matrix lanes = new(ItemCount, count);
        if (_idealWeight > 0)
        {
            MatrixProduct.Multiply(_directions, through, lanes, threadCount: 1, CancellationToken.None);
        }

        for (int item = 0; item < ItemCount; item++)
        {
            Span<float> values = lanes.Row(item);
            Kernel.Scale(_idealWeight * MathF.Sqrt(_itemWeights[item]), values);
            for (int lane = 0; lane < count; lane++)
            {
                values[lane] += scores.Row(lane)[item];
            }
        }

        if (_sharpening > 0)
        {
            Sharpen(lanes);
        }

        for (int item = 0; item < ItemCount; item++)
        {
            ReadOnlySpan<float> values = lanes.Row(item);
            for (int lane = 0; lane < count; lane++)
            {
                scores.Row(lane)[item] = values[lane] + _tieBreak[item];
            }
        }
    }

    /// <summary>Applies the linear filter to a history, and takes it to the directions of the ideal one.</summary>
    private void Begin(ReadOnlySpan<int> history, Scratch scratch, Span<float> scores)
    {
        scores.Clear();
        Array.Clear(scratch.Users);
        Array.Clear(scratch.Direction);
        foreach (int item in history)
        {
            Spread(_items, item, 1, scratch.Users);
            if (_itemWeights[item] > 0)
            {
                Kernel.AddScaled(1 / MathF.Sqrt(_itemWeights[item]), _directions.Row(item), scratch.Direction);
            }
        }

        SpreadUsers(scratch.Users, scores);
    }

    private void Sharpen(Matrix lanes)
    {
        Matrix users = new(_users.RowCount, lanes.ColumnCount);
        Matrix power = new(ItemCount, lanes.ColumnCount);
        lanes.Values.CopyTo(power.Values, 0);
        float factor = 1;
        for (int exponent = 1; exponent <= Powers; exponent++)
        {
            _users.Multiply(power, users, threadCount: 1, CancellationToken.None);
            _items.Multiply(users, power, threadCount: 1, CancellationToken.None);
            factor *= -_sharpening / exponent;
            Kernel.AddScaled(factor, power.Values, lanes.Values);
        }
    }

    private void Sharpen(Span<float> scores, Scratch scratch)
    {
        scores.CopyTo(scratch.Items);
        float factor = 1;
        for (int power = 1; power <= Powers; power++)
        {
            for (int user = 0; user < _users.RowCount; user++)
            {
                float sum = 0;
                for (int entry = _users.Starts[user]; entry < _users.Starts[user + 1]; entry++)
                {
                    sum += _users.Values[entry] * scratch.Items[_users.Columns[entry]];
                }

                scratch.Users[user] = sum;
            }

            Array.Clear(scratch.Items);
            SpreadUsers(scratch.Users, scratch.Items);
            factor *= -_sharpening / power;
            Kernel.AddScaled(factor, scratch.Items, scores);
        }
    }

    private void SpreadUsers(float[] users, Span<float> items)
    {
        for (int user = 0; user < users.Length; user++)
        {
            if (users[user] != 0)
            {
                Spread(_users, user, users[user], items);
            }
        }
    }

    private static void Spread(SparseRows rows, int row, float factor, Span<float> target)
    {
        ReadOnlySpan<int> columns = rows.ColumnsOf(row);
        ReadOnlySpan<float> values = rows.ValuesOf(row);
        for (int i = 0; i < columns.Length; i++)
        {
            target[columns[i]] += factor * values[i];
        }
    }

    /// <summary>Work space of one query.</summary>
    private sealed class Scratch(int userCount, int itemCount, int directionCount)
    {
        public float[] Users { get; } = new float[userCount];

        public float[] Items { get; } = new float[itemCount];

        public float[] Direction { get; } = new float[directionCount];
    }
}
