using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>A text as a column of its own, for each that is frequent enough; others share one, and a missing text has
/// one. A list is a bag of them, of length 1.</summary>
internal sealed class VocabularyEncoder : ColumnEncoder
{
    private const int MostValues = 100_000;

    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    public VocabularyEncoder(EncoderState state)
        : base(state)
    {
        foreach (string value in state.Values)
        {
            _columns.TryAdd(value, _columns.Count);
        }
    }

    // The last two columns: any other text, and none.
    public override int SparseCount => _columns.Count + 2;

    public static VocabularyEncoder Fit(string feature, EncoderSpec spec, TextColumn column, bool[] isTraining) =>
        new(new EncoderState
        {
            Feature = feature,
            Kind = spec.Kind,
            Values = FrequentValues(spec, column, isTraining),
        });

    /// <summary>The texts of the training rows that are frequent enough, the most frequent first.</summary>
    public static string[] FrequentValues(EncoderSpec spec, TextColumn column, bool[] isTraining)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        for (int row = 0; row < column.RowCount; row++)
        {
            for (int i = 0; isTraining[row] && i < column.Count(row); i++)
            {
                string text = column.Text(row, i);
                counts[text] = counts.GetValueOrDefault(text) + 1;
            }
        }

        return
        [
            .. counts.Where(pair => pair.Value >= spec.MinimumCount).OrderByDescending(static pair => pair.Value)
                .ThenBy(static pair => pair.Key, StringComparer.Ordinal).Take(MostValues)
                .Select(static pair => pair.Key),
        ];
    }

    protected override int ColumnOf(string text) => _columns.GetValueOrDefault(text, _columns.Count);
}
