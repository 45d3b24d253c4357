using Tandem.Learning.Files;
using Tandem.Learning.Neighbours;

namespace Tandem.Learning.ItemItem;

/// <summary>Scores items by their likeness to everything in the history. Kind <c>item_item</c>.</summary>
/// <remarks>An empty history gets the order of popularity. It needs no user: new users are as good as known
/// ones.</remarks>
public sealed class ItemItemModel : IItemScorer
{
    internal const string KindName = "item_item";

    private readonly NeighbourTable _table;

    internal ItemItemModel(NeighbourTable table)
    {
        _table = table;
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _table.ItemCount;

    /// <summary>Number of item pairs kept.</summary>
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
    public void Save(Stream target) => _table.Save(target, KindName);

    internal static ItemItemModel Load(Stream source) => new(NeighbourTable.Load(ModelFile.Read(source, KindName)));
}
