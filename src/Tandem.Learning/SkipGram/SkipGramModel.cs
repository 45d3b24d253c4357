using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.SkipGram;

/// <summary>Scores items by the likeness of their vectors to those of the last few of the history. Kind
/// <c>skip_gram</c>.</summary>
/// <remarks>An empty history gets the order of popularity. It needs no user, and a new event counts at once.</remarks>
public sealed class SkipGramModel : IItemScorer
{
    internal const string KindName = "skip_gram";

    private readonly Matrix _vectors;
    private readonly float[] _tieBreak;
    private readonly int _historyLength;
    private readonly double _recencyDecay;
    private readonly ScratchPool<float[]> _scratch;

    internal SkipGramModel(Matrix vectors, float[] tieBreak, SkipGramOptions options)
    {
        _vectors = vectors;
        _tieBreak = tieBreak;
        _historyLength = options.HistoryLength;
        _recencyDecay = options.RecencyDecay;
        _scratch = new ScratchPool<float[]>(() => new float[vectors.ColumnCount]);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _vectors.RowCount;

    /// <summary>Vectors of length 1, or 0 for an item never seen; shape (items, factors).</summary>
    public Matrix ItemFactors => _vectors;

    /// <inheritdoc/>
    /// <remarks>O(items·k).</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        float[] sum = _scratch.Rent();
        Array.Clear(sum);
        double weight = 1;
        for (int back = 1; back <= Math.Min(_historyLength, query.History.Length); back++)
        {
            Kernel.AddScaled((float)weight, _vectors.Row(query.History[^back]), sum);
            weight *= _recencyDecay;
        }

        _vectors.Multiply(sum, scores);
        Kernel.AddScaled(1, _tieBreak, scores);
        _scratch.Return(sum);
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is the cosine of the vectors.</remarks>
    public void ScoreSimilar(int item, Span<float> scores)
    {
        _vectors.Multiply(_vectors.Row(item), scores);
        scores[item] = float.NegativeInfinity;
    }

    /// <inheritdoc/>
    public void Save(Stream target) => ModelFile.Write(
        target,
        KindName,
        [
            new("items", ItemCount),
            new("factors", _vectors.ColumnCount),
            new("history_length", _historyLength),
            new("recency_decay", _recencyDecay),
        ],
        new ModelArray("item_factors", _vectors.Values),
        new ModelArray("tie_break", _tieBreak));

    internal static SkipGramModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int items = content.Count("items");
        int factors = content.Count("factors");
        return new SkipGramModel(
            new Matrix(items, factors, content.Floats("item_factors", (long)items * factors)),
            content.Floats("tie_break", items),
            new SkipGramOptions
            {
                HistoryLength = content.Count("history_length"),
                RecencyDecay = content.Setting("recency_decay"),
            });
    }
}
