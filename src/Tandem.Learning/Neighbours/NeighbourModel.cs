namespace Tandem.Learning.Neighbours;

/// <summary>Scores items by adding up what goes with each item of the history.</summary>
/// <remarks>An empty history gets the order of popularity. It needs no user: new users are as good as known
/// ones.</remarks>
public abstract class NeighbourModel : IItemScorer
{
    private readonly NeighbourTable _table;

    private protected NeighbourModel(string kind, NeighbourTable table)
    {
        Kind = kind;
        _table = table;
    }

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public int ItemCount => _table.ItemCount;

    /// <summary>Number of pairs of items that are kept.</summary>
    public int PairCount => _table.PairCount;

    /// <inheritdoc/>
    /// <remarks>A repeated item counts each time. O(items + history × neighbours).</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        _table.Start(scores);
        foreach (int item in query.History)
        {
            _table.Add(item, 1, scores);
        }
    }

    /// <inheritdoc/>
    public void ScoreSimilar(int item, Span<float> scores) => _table.ScoreSimilar(item, scores);

    /// <inheritdoc/>
    public void Save(Stream target) => _table.Save(target, Kind, []);
}
