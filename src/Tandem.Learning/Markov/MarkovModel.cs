using Tandem.Learning.Files;
using Tandem.Learning.Neighbours;
using Tandem.Learning.Popularity;

namespace Tandem.Learning.Markov;

/// <summary>Scores items by the probability that they come next after the last of the history. Kind
/// <c>markov</c>.</summary>
/// <remarks>A score is a mean of probabilities, weighted by how far back each item of the history lies; what an item
/// does not know it leaves to popularity. It needs no user. An empty history gets the order of popularity.</remarks>
public sealed class MarkovModel : IItemScorer
{
    internal const string KindName = "markov";

    private readonly NeighbourTable _table;
    private readonly float[] _backOff;
    private readonly int _historyLength;
    private readonly double _recencyDecay;

    internal MarkovModel(NeighbourTable table, float[] backOff, MarkovOptions options)
    {
        _table = table;
        _backOff = backOff;
        _historyLength = options.HistoryLength;
        _recencyDecay = options.RecencyDecay;
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _table.ItemCount;

    /// <summary>Number of transitions kept.</summary>
    public int TransitionCount => _table.PairCount;

    /// <inheritdoc/>
    /// <remarks>O(items + history length × neighbours).</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        int asked = Math.Min(_historyLength, query.History.Length);
        double total = 0;
        double weight = 1;
        for (int back = 1; back <= asked; back++)
        {
            total += weight;
            weight *= _recencyDecay;
        }

        double backOff = 0;
        weight = 1;
        for (int back = 1; back <= asked; back++)
        {
            backOff += weight / total * _backOff[query.History[^back]];
            weight *= _recencyDecay;
        }

        _table.Start(scores);
        if (asked > 0)
        {
            // The table's tie-break is popularity made small; it stays where nothing is backed off.
            Numerics.Kernel.Scale(1 + (float)(backOff / ItemShares.TieBreak), scores);
        }

        weight = 1;
        for (int back = 1; back <= asked; back++)
        {
            _table.Add(query.History[^back], (float)(weight / total), scores);
            weight *= _recencyDecay;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is the probability of a transition from the item.</remarks>
    public void ScoreSimilar(int item, Span<float> scores) => _table.ScoreSimilar(item, scores);

    /// <inheritdoc/>
    public void Save(Stream target) => _table.Save(
        target, KindName,
        [new("history_length", _historyLength), new("recency_decay", _recencyDecay)],
        new ModelArray("back_off", _backOff));

    internal static MarkovModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        var table = NeighbourTable.Load(content);
        return new MarkovModel(
            table,
            content.Floats("back_off", table.ItemCount),
            new MarkovOptions
            {
                HistoryLength = content.Count("history_length"),
                RecencyDecay = content.Setting("recency_decay"),
            });
    }
}
