using Tandem.Learning.Files;
using Tandem.Learning.Neighbours;

namespace Tandem.Learning.Ease;

/// <summary>Scores items by a weight from each item of the history, learned so that histories explain themselves. Kind
/// <c>ease</c>.</summary>
/// <remarks>An empty history gets the order of popularity. It needs no user: new users are as good as known
/// ones.</remarks>
public sealed class EaseModel : IItemScorer
{
    internal const string KindName = "ease";

    private readonly NeighbourTable _table;

    internal EaseModel(NeighbourTable table)
    {
        _table = table;
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _table.ItemCount;

    /// <summary>Number of weights kept.</summary>
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

    internal static EaseModel Load(Stream source) => new(NeighbourTable.Load(ModelFile.Read(source, KindName)));
}
