using Tandem.Features;
using Tandem.Learning;
using Tandem.Worlds;

namespace Tandem.Workspace.Demo;

/// <summary>The truth as a scorer: the world's own expected satisfaction at one moment. Nothing learned can know
/// more.</summary>
internal sealed class OracleScorer : IItemScorer, IDisposable
{
    private readonly VideoWorld _world;
    private readonly int[] _users;
    private readonly int[] _items;
    private readonly DateTimeOffset _moment;
    private readonly ThreadLocal<float[]> _scores;

    public OracleScorer(VideoWorld world, EntityIndex users, EntityIndex items, DateTimeOffset moment)
    {
        _world = world;
        _moment = moment;
        _users = [.. Enumerable.Range(0, users.Count).Select(user => world.FindUser(users.Text(user)))];
        _items = [.. Enumerable.Range(0, items.Count).Select(item => world.FindItem(items.Text(item)))];
        _scores = new ThreadLocal<float[]>(() => new float[world.ItemCount]);
    }

    public string Kind => "oracle";

    public int ItemCount => _items.Length;

    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        float[] truth = _scores.Value!;
        _world.OracleScores(_users[query.User], _moment, truth);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = truth[_items[i]];
        }
    }

    public void ScoreSimilar(int item, Span<float> scores) =>
        throw new NotSupportedException("The oracle knows people, not likeness.");

    public void Dispose() => _scores.Dispose();

    public void Save(Stream target) => throw new NotSupportedException("The oracle is not a model: it is the world.");
}
