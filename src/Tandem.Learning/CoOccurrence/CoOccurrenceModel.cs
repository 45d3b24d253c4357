using Tandem.Learning.Files;
using Tandem.Learning.Neighbours;

namespace Tandem.Learning.CoOccurrence;

/// <summary>Scores items by how they follow the last few of the history. Kind <c>co_occurrence</c>.</summary>
/// <remarks>An empty history gets the order of popularity. It needs no user: new users are as good as known ones, and a
/// new event counts at once.</remarks>
public sealed class CoOccurrenceModel : IItemScorer
{
    internal const string KindName = "co_occurrence";

    private readonly NeighbourTable _table;
    private readonly int _historyLength;
    private readonly double _recencyDecay;

    internal CoOccurrenceModel(NeighbourTable table, CoOccurrenceOptions options)
    {
        _table = table;
        _historyLength = options.HistoryLength;
        _recencyDecay = options.RecencyDecay;
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _table.ItemCount;

    /// <summary>Number of item pairs kept.</summary>
    public int PairCount => _table.PairCount;

    /// <inheritdoc/>
    /// <remarks>O(items + history length × neighbours).</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        _table.Start(scores);
        double weight = 1;
        for (int back = 1; back <= Math.Min(_historyLength, query.History.Length); back++)
        {
            _table.Add(query.History[^back], (float)weight, scores);
            weight *= _recencyDecay;
        }
    }

    /// <inheritdoc/>
    public void ScoreSimilar(int item, Span<float> scores) => _table.ScoreSimilar(item, scores);

    /// <inheritdoc/>
    public void Save(Stream target) => _table.Save(
        target, KindName, [new("history_length", _historyLength), new("recency_decay", _recencyDecay)]);

    internal static CoOccurrenceModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        return new CoOccurrenceModel(
            NeighbourTable.Load(content),
            new CoOccurrenceOptions
            {
                HistoryLength = content.Count("history_length"),
                RecencyDecay = content.Setting("recency_decay"),
            });
    }
}
