using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.UserUser;

/// <summary>Scores items by what the users most like this one chose. Kind <c>user_user</c>.</summary>
/// <remarks>Likeness is found from the history at the moment of the question, so a new user, or a new event, counts at
/// once; a known user is never their own neighbour. An empty history gets the order of popularity.</remarks>
public sealed class UserUserModel : IItemScorer
{
    internal const string KindName = "user_user";

    private readonly SparseRows _users;
    private readonly SparseRows _items;
    private readonly float[] _inverseNorms;
    private readonly UserUserOptions _options;
    private readonly float[] _tieBreak;
    private readonly ScratchPool<Scratch> _scratch;

    internal UserUserModel(SparseRows users, UserUserOptions options, float[] tieBreak)
    {
        _users = users;
        _items = users.Transpose();
        _options = options;
        _tieBreak = tieBreak;
        _inverseNorms = new float[users.RowCount];
        for (int user = 0; user < _inverseNorms.Length; user++)
        {
            float square = Kernel.Dot(users.ValuesOf(user), users.ValuesOf(user));
            _inverseNorms[user] = square > 0 ? 1 / MathF.Sqrt(square) : 0;
        }

        _scratch = new ScratchPool<Scratch>(() => new Scratch(users.RowCount, users.ColumnCount, options.Neighbours));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _users.ColumnCount;

    /// <inheritdoc/>
    /// <remarks>O(items + rows of those who share an item).</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        _tieBreak.CopyTo(scores);
        if (query.History.IsEmpty)
        {
            return;
        }

        Scratch scratch = _scratch.Rent();
        int metCount = FindLikeness(query, scratch);
        Span<int> nearest = scratch.Nearest.AsSpan(0, Math.Min(scratch.Nearest.Length, metCount));
        int nearestCount = TopK.Select(scratch.Likeness.AsSpan(0, metCount), nearest);
        foreach (int place in nearest[..nearestCount])
        {
            int user = scratch.Met[place];
            ReadOnlySpan<int> items = _users.ColumnsOf(user);
            ReadOnlySpan<float> weights = _users.ValuesOf(user);
            for (int i = 0; i < items.Length; i++)
            {
                scores[items[i]] += scratch.Likeness[place] * weights[i];
            }
        }

        _scratch.Return(scratch);
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is what a history of this item alone is offered.</remarks>
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
            new("neighbours", _options.Neighbours),
            new("shrinkage", _options.Shrinkage),
        ],
        new ModelArray("starts", _users.Starts),
        new ModelArray("columns", _users.Columns),
        new ModelArray("weights", _users.Values),
        new ModelArray("tie_break", _tieBreak));

    internal static UserUserModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int items = content.Count("items");
        int rows = content.LengthOf("columns");
        try
        {
            return new UserUserModel(
                new SparseRows(
                    items, content.Wholes("starts", content.Count("users") + 1L), content.Wholes("columns", rows),
                    content.Floats("weights", rows)),
                new UserUserOptions
                {
                    Neighbours = content.Count("neighbours"),
                    Shrinkage = content.Setting("shrinkage"),
                },
                content.Floats("tie_break", items));
        }
        catch (ArgumentException wrong)
        {
            throw ModelContent.Damaged("the rows do not fit together", wrong);
        }
    }

    /// <summary>Finds who shares an item with the history, in order of user, and how alike they are.</summary>
    /// <returns>Their number.</returns>
    private int FindLikeness(in ItemQuery query, Scratch scratch)
    {
        foreach (int item in query.History)
        {
            scratch.Counts[item]++;
        }

        int metCount = 0;
        float square = 0;
        foreach (int item in query.History)
        {
            float count = scratch.Counts[item];
            scratch.Counts[item] = 0;
            square += count * count;
            for (int entry = _items.Starts[item]; count > 0 && entry < _items.Starts[item + 1]; entry++)
            {
                int user = _items.Columns[entry];
                if (scratch.Common[user]++ == 0)
                {
                    scratch.Met[metCount++] = user;
                }

                scratch.Products[user] += count * _items.Values[entry];
            }
        }

        Span<int> met = scratch.Met.AsSpan(0, metCount);
        met.Sort();
        float inverseNorm = 1 / MathF.Sqrt(square);
        for (int place = 0; place < metCount; place++)
        {
            int user = met[place];
            float certainty = scratch.Common[user] / (scratch.Common[user] + (float)_options.Shrinkage);
            scratch.Likeness[place] = user == query.User
                ? float.NegativeInfinity
                : scratch.Products[user] * _inverseNorms[user] * inverseNorm * certainty;
            scratch.Products[user] = 0;
            scratch.Common[user] = 0;
        }

        return metCount;
    }

    /// <summary>Work space of one query; all but the answers are zero between queries.</summary>
    private sealed class Scratch(int userCount, int itemCount, int neighbourCount)
    {
        public float[] Counts { get; } = new float[itemCount];

        public int[] Common { get; } = new int[userCount];

        public float[] Products { get; } = new float[userCount];

        public int[] Met { get; } = new int[userCount];

        public float[] Likeness { get; } = new float[userCount];

        public int[] Nearest { get; } = new int[Math.Min(neighbourCount, userCount)];
    }
}
