using System.Globalization;
using Tandem.Numerics;

namespace Tandem.Learning.Tests;

/// <summary>Scores from a table of coarse random numbers, so that ties are common.</summary>
internal sealed class TableScorer : IItemScorer
{
    private readonly float[][] _scores;

    public TableScorer(int userCount, int itemCount, ulong seed)
    {
        SeededRandom random = new(seed);
        _scores = new float[userCount][];
        for (int user = 0; user < userCount; user++)
        {
            _scores[user] = new float[itemCount];
            for (int item = 0; item < itemCount; item++)
            {
                _scores[user][item] = random.NextInt(8);
            }
        }

        ItemCount = itemCount;
    }

    public string Kind => "table";

    public int ItemCount { get; }

    public void Favour(Interactions rows, float by)
    {
        for (int user = 0; user < rows.UserCount; user++)
        {
            foreach (int item in rows.ItemsOf(user))
            {
                _scores[user][item] += by;
            }
        }
    }

    public void ScoreItems(in ItemQuery query, Span<float> scores) => _scores[query.User].CopyTo(scores);

    public void ScoreSimilar(int item, Span<float> scores) => scores.Clear();

    public void Save(Stream target)
    {
    }
}

/// <summary>Likes everything alike.</summary>
internal sealed class EqualScorer(int itemCount) : IItemScorer
{
    public string Kind => "equal";

    public int ItemCount => itemCount;

    public void ScoreItems(in ItemQuery query, Span<float> scores) => scores.Fill(1);

    public void ScoreSimilar(int item, Span<float> scores) => scores.Fill(1);

    public void Save(Stream target)
    {
    }
}

/// <summary>Remembers what it was asked.</summary>
internal sealed class RecordingScorer(int itemCount) : IItemScorer
{
    public List<string> Queries { get; } = [];

    public string Kind => "recording";

    public int ItemCount => itemCount;

    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        scores.Clear();
        string history = string.Join(' ', query.History.ToArray());
        Queries.Add(string.Create(
            CultureInfo.InvariantCulture, $"{query.User}: {history}{(query.HistoryIsNew ? ", new" : "")}"));
    }

    public void ScoreSimilar(int item, Span<float> scores) => scores.Clear();

    public void Save(Stream target)
    {
    }
}

/// <summary>Hides what a model can do beyond the contract.</summary>
internal sealed class PlainScorer(IItemScorer model) : IItemScorer
{
    public string Kind => model.Kind;

    public int ItemCount => model.ItemCount;

    public void ScoreItems(in ItemQuery query, Span<float> scores) => model.ScoreItems(query, scores);

    public void ScoreSimilar(int item, Span<float> scores) => model.ScoreSimilar(item, scores);

    public void Save(Stream target) => model.Save(target);
}
