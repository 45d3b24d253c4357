using Tandem.Features.Text;
using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>A text as its words and pairs of words: hashed (<c>words</c>), or those of the training texts weighed by how
/// rare they are (<c>tf_idf</c>). Of a list, the newest text counts.</summary>
internal sealed class WordEncoder : FeatureEncoder
{
    private const int MaxWords = 2;
    private const int MostTerms = 50_000;

    private readonly TextHasher? _hasher;
    private readonly TextStatistics? _statistics;

    public WordEncoder(EncoderState state)
        : base(state)
    {
        if (state.Statistics is { } bytes)
        {
            _statistics = TextStatistics.Load(bytes);
        }
        else
        {
            _hasher = new TextHasher(new TextHasherOptions { ColumnCount = state.Buckets, MaxWords = MaxWords });
        }
    }

    public override int SparseCount => _statistics?.Length ?? _hasher!.Length;

    public static WordEncoder Make(string feature, EncoderSpec spec) =>
        new(new EncoderState { Feature = feature, Kind = spec.Kind, Buckets = spec.Buckets });

    /// <summary>Fits on the distinct texts of the training rows: a text counts once, however often it was shown.</summary>
    public static WordEncoder Fit(string feature, EncoderSpec spec, TextColumn column, bool[] isTraining)
    {
        SortedSet<string> texts = new(StringComparer.Ordinal);
        for (int row = 0; row < column.RowCount; row++)
        {
            if (isTraining[row] && column.Count(row) > 0)
            {
                texts.Add(column.Text(row, column.Count(row) - 1));
            }
        }

        var statistics = TextStatistics.Fit(
            texts,
            new TextStatisticsOptions
            {
                MaxWords = MaxWords,
                MinDocuments = spec.MinimumCount,
                MaxTerms = MostTerms,
            });
        return new WordEncoder(
            new EncoderState { Feature = feature, Kind = spec.Kind, Statistics = statistics.Save() });
    }

    public override int RoomFor(ReadOnlySpan<string> texts) => texts.IsEmpty ? 0 : texts[^1].Length * MaxWords;

    public override void Encode(
        ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        if (!texts.IsEmpty)
        {
            string text = texts[^1];
            int count = _statistics is { } statistics
                ? statistics.WriteTfIdf(text, sparse.FreeColumns, sparse.FreeValues)
                : _hasher!.Write(text, sparse.FreeColumns, sparse.FreeValues);
            sparse.Take(count, offset);
        }
    }
}
