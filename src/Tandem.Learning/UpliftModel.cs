using Tandem.Learning.Files;

namespace Tandem.Learning;

/// <summary>Scores rows by what a treatment changes: the difference that two models see, or one of transformed
/// outcomes.</summary>
public sealed class UpliftModel : IRowScorer
{
    internal const string KindName = "uplift";

    private const int RowsAtOnce = 256;

    internal UpliftModel(IRowScorer first, IRowScorer? others)
    {
        First = first;
        Others = others;
    }

    /// <summary>The model of the treated, or of transformed outcomes.</summary>
    public IRowScorer First { get; }

    /// <summary>The model of those that were not treated; null of transformed outcomes.</summary>
    public IRowScorer? Others { get; }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int DenseCount => First.DenseCount;

    /// <inheritdoc/>
    public int SparseCount => First.SparseCount;

    /// <inheritdoc/>
    public RowTarget Target { get; } = new(RowTargetKind.Number);

    /// <inheritdoc/>
    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        First.ScoreRows(in rows, scores);
        Span<float> others = stackalloc float[RowsAtOnce];
        bool isChance = First.Target.Kind == RowTargetKind.Binary;
        for (int start = 0; start < rows.Count; start += RowsAtOnce)
        {
            Span<float> own = scores[start..Math.Min(start + RowsAtOnce, rows.Count)];
            if (Others is null)
            {
                for (int row = 0; isChance && row < own.Length; row++)
                {
                    own[row] = (float)((2 * LogOdds.ToProbability(own[row])) - 1);
                }

                continue;
            }

            Others.ScoreRows(
                new FeatureRows
                {
                    Count = own.Length,
                    Dense = rows.Dense.Slice(start * DenseCount, own.Length * DenseCount),
                    Starts = rows.Starts.IsEmpty ? [] : rows.Starts.Slice(start, own.Length + 1),
                    Columns = rows.Columns,
                    Values = rows.Values,
                },
                others);
            for (int row = 0; row < own.Length; row++)
            {
                own[row] = isChance
                    ? (float)(LogOdds.ToProbability(own[row]) - LogOdds.ToProbability(others[row]))
                    : own[row] - others[row];
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>A file that names the kind inside, then its files.</remarks>
    public void Save(Stream target)
    {
        ModelFile.Write(
            target, KindName, [new("models", Others is null ? 1 : 2), new("letters", First.Kind.Length)],
            new ModelArray("kind", [.. First.Kind.Select(static letter => (int)letter)]));
        First.Save(target);
        Others?.Save(target);
    }

    /// <summary>Reads a model back.</summary>
    /// <param name="source">What <see cref="Save"/> wrote.</param>
    /// <param name="catalogue">The kinds that there are.</param>
    /// <exception cref="Faults.TandemException">LRN010 to LRN013: it is damaged, or something else.</exception>
    public static UpliftModel Load(Stream source, ModelCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(catalogue);
        ModelContent content = ModelFile.Read(source, KindName);
        string inner = string.Concat(
            content.Wholes("kind", content.Count("letters")).Select(static letter => (char)letter));
        RowModelKind kind = catalogue.FindRows(inner);
        IRowScorer first = kind.Load(source);
        return new UpliftModel(first, content.Count("models") == 2 ? kind.Load(source) : null);
    }
}
