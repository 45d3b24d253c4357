using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>The champion in a run's numbering of users and items. It folds in what happened since it was fitted, and takes in
/// items that came since, as it does when it serves; items it does not know come last.</summary>
internal sealed class ChampionScorer : IItemScorer, IDisposable
{
    private readonly IItemScorer _scorer;
    private readonly int[] _toChampion;
    private readonly int[] _fromChampion;
    private readonly int[] _users;
    private readonly AttributeRows _known;
    private readonly ThreadLocal<(float[] Scores, int[] History, float[] Ages)> _scratch;

    private ChampionScorer(IItemScorer scorer, int[] users, int[] toChampion, int[] fromChampion, AttributeRows known)
    {
        _scorer = scorer;
        ItemCount = toChampion.Length;
        _users = users;
        _toChampion = toChampion;
        _fromChampion = fromChampion;
        _known = known;
        _scratch = new ThreadLocal<(float[] Scores, int[] History, float[] Ages)>(
            () => (new float[_scorer.ItemCount], [], []));
    }

    /// <summary>Makes it for a run: with what was known of users and of new items at the start of the test window, encoded as
    /// it was trained on.</summary>
    public static async Task<ChampionScorer> CreateAsync(
        LakeSnapshot snapshot, SystemSpec spec, Champion champion, TrainingData data, CancellationToken cancellationToken)
    {
        IItemScorer scorer = champion.Scorer
            ?? throw new ArgumentException("It has no model of items.", nameof(champion));
        int[] toChampion = Map(data.Items, champion.Items);
        int[] fromChampion = Map(champion.Items, data.Items);
        AttributeRows known = AttributeRows.None;
        if (champion.Encoders is { Users: { } ofUsers })
        {
            known = await EncodeAsync(RetrievalFeatures.UserOf(spec), ofUsers, data.Users.Texts()).ConfigureAwait(false);
        }

        if (champion.Encoders is { Items: { } ofItems } && scorer is IGrowingScorer growing)
        {
            int[] added = [.. Enumerable.Range(0, toChampion.Length).Where(item => toChampion[item] < 0)];
            for (int i = 0; i < added.Length; i++)
            {
                toChampion[added[i]] = fromChampion.Length + i;
            }

            fromChampion = [.. fromChampion, .. added];
            scorer = growing.WithItems(
                added.Length,
                (await EncodeAsync(RetrievalFeatures.ItemOf(spec), ofItems, [.. added.Select(data.Items.Text)])
                    .ConfigureAwait(false)).All);
        }

        return new ChampionScorer(scorer, Map(data.Users, champion.Users), toChampion, fromChampion, known);

        Task<AttributeRows> EncodeAsync(string entity, FeatureEncoders encoders, string[] ids)
        {
            long[] times = new long[ids.Length];
            Array.Fill(times, LakeTime.ToMicros(data.TestStart));
            return RetrievalFeatures.EncodeAsync(
                snapshot, champion.Encoders!.Views, entity, encoders, ids, times, data.TestStart, cancellationToken);
        }
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
            Attributes = query.User < 0 ? default : _known.Row(query.User),
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

    /// <summary>The number that each id has elsewhere, −1 where it has none.</summary>
    internal static int[] Map(EntityIndex from, EntityIndex to)
    {
        int[] map = new int[from.Count];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = to.Find(from.Utf8(i));
        }

        return map;
    }
}
