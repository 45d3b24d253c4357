using Tandem.Features;
using Tandem.Learning;

namespace Tandem.Training;

/// <summary>The champion in a run's numbering of users and items. It folds in what happened since it was fitted, as it
/// does when it serves; items it does not know come last.</summary>
internal sealed class ChampionScorer : IItemScorer, IDisposable
{
    private readonly IItemScorer _scorer;
    private readonly int[] _toChampion;
    private readonly int[] _fromChampion;
    private readonly int[] _users;
    private readonly ThreadLocal<(float[] Scores, int[] History, float[] Ages)> _scratch;

    public ChampionScorer(Champion champion, EntityIndex users, EntityIndex items)
    {
        _scorer = champion.Scorer;
        ItemCount = items.Count;
        _users = Map(users, champion.Users);
        _toChampion = Map(items, champion.Items);
        _fromChampion = Map(champion.Items, items);
        _scratch = new ThreadLocal<(float[] Scores, int[] History, float[] Ages)>(
            () => (new float[_scorer.ItemCount], [], []));
    }

    public string Kind => _scorer.Kind;

    public int ItemCount { get; }

    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        (float[] own, int[] history, float[] ages) = _scratch.Value;
        if (history.Length < query.History.Length)
        {
            history = new int[query.History.Length];
            ages = new float[query.History.Length];
            _scratch.Value = (own, history, ages);
        }

        int count = 0;
        for (int i = 0; i < query.History.Length; i++)
        {
            int item = _toChampion[query.History[i]];
            if (item >= 0)
            {
                history[count] = item;
                ages[count++] = query.AgeDays.IsEmpty ? 0 : query.AgeDays[i];
            }
        }

        ItemQuery asked = new()
        {
            User = query.User < 0 ? -1 : _users[query.User],
            History = history.AsSpan(0, count),
            AgeDays = query.AgeDays.IsEmpty ? [] : ages.AsSpan(0, count),
            HistoryIsNew = true,
        };
        _scorer.ScoreItems(in asked, own);
        scores.Fill(float.NegativeInfinity);
        for (int i = 0; i < own.Length; i++)
        {
            if (_fromChampion[i] >= 0)
            {
                scores[_fromChampion[i]] = own[i];
            }
        }
    }

    public void ScoreSimilar(int item, Span<float> scores) =>
        throw new NotSupportedException("The gate asks for users, not for likeness.");

    public void Dispose() => _scratch.Dispose();

    public void Save(Stream target) => _scorer.Save(target);

    private static int[] Map(EntityIndex from, EntityIndex to)
    {
        int[] map = new int[from.Count];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = to.Find(from.Utf8(i));
        }

        return map;
    }
}
