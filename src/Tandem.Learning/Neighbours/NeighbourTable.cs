using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.Neighbours;

/// <summary>For each item, the items that go with it and how strongly; and a small share of popularity that settles
/// ties and answers where nothing else does.</summary>
internal sealed class NeighbourTable
{
    private readonly SparseRows _rows;
    private readonly float[] _tieBreak;

    public NeighbourTable(SparseRows rows, float[] tieBreak)
    {
        _rows = rows;
        _tieBreak = tieBreak;
    }

    public int ItemCount => _tieBreak.Length;

    /// <summary>Number of pairs kept.</summary>
    public int PairCount => _rows.Columns.Length;

    /// <summary>Starts scoring: every item gets its tie-break.</summary>
    public void Start(Span<float> scores) => _tieBreak.CopyTo(scores);

    /// <summary>Adds the neighbours of one item, times a factor.</summary>
    public void Add(int item, float factor, Span<float> scores)
    {
        ReadOnlySpan<int> items = _rows.ColumnsOf(item);
        ReadOnlySpan<float> weights = _rows.ValuesOf(item);
        for (int i = 0; i < items.Length; i++)
        {
            scores[items[i]] += factor * weights[i];
        }
    }

    /// <summary>Scores the neighbours of one item; the item itself is left out.</summary>
    public void ScoreSimilar(int item, Span<float> scores)
    {
        Start(scores);
        Add(item, 1, scores);
        scores[item] = float.NegativeInfinity;
    }

    /// <summary>Writes the table, with what a kind adds to it.</summary>
    public void Save(
        Stream target, string kind, IReadOnlyList<KeyValuePair<string, double>> settings,
        params ReadOnlySpan<ModelArray> arrays) =>
        ModelFile.Write(
            target,
            kind,
            [new("items", ItemCount), .. settings],
            [
                new ModelArray("starts", _rows.Starts),
                new ModelArray("neighbours", _rows.Columns),
                new ModelArray("weights", _rows.Values),
                new ModelArray("tie_break", _tieBreak),
                .. arrays,
            ]);

    public static NeighbourTable Load(ModelContent content)
    {
        int itemCount = content.Count("items");
        int pairCount = content.LengthOf("neighbours");
        try
        {
            SparseRows rows = new(
                itemCount,
                content.Wholes("starts", itemCount + 1L),
                content.Wholes("neighbours", pairCount),
                content.Floats("weights", pairCount));
            return new NeighbourTable(rows, content.Floats("tie_break", itemCount));
        }
        catch (ArgumentException wrong)
        {
            throw ModelContent.Damaged("the neighbours do not fit together", wrong);
        }
    }
}
