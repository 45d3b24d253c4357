using Tandem.Features;

namespace Tandem.Serving.Pipeline;

/// <summary>The texts of one request's candidates, read with their numbers: what all share once, what is the item's for
/// each. Pooled with its context.</summary>
internal sealed class CandidateTexts
{
    private string[] _texts = [];
    private int[] _counts = [];
    private string[] _row = [];
    private int[] _starts = [];

    /// <summary>Reads the texts of all candidates.</summary>
    public void Read(ServedRanker ranker, RequestContext context, ReadOnlySpan<string> ids)
    {
        RequestContext.Grow(ref _texts, ids.Length * ranker.MostTexts);
        RequestContext.Grow(ref _counts, ids.Length * ranker.Texts.Count);
        RequestContext.Grow(ref _row, ranker.MostTexts);
        RequestContext.Grow(ref _starts, ranker.Texts.Count + 1);
        int offset = 0;
        for (int text = 0; text < ranker.Texts.Count; text++)
        {
            RankedText feature = ranker.Texts[text];
            bool isOfItem = feature.Entity == ranker.ItemEntity;
            for (int i = 0; i < ids.Length; i++)
            {
                Span<string> room = _texts.AsSpan((i * ranker.MostTexts) + offset, feature.Most);
                if (isOfItem || i == 0)
                {
                    string? id = isOfItem ? ids[i]
                        : feature.Entity == FeatureView.GlobalEntity ? ""
                        : context.Request.UserId;
                    _counts[(i * ranker.Texts.Count) + text] = id is null
                        ? 0
                        : ranker.Store.ReadIds(feature.View, feature.Feature, id, context.Now, room);
                }
                else
                {
                    _texts.AsSpan(offset, feature.Most).CopyTo(room);
                    _counts[(i * ranker.Texts.Count) + text] = _counts[text];
                }
            }

            offset += feature.Most;
        }
    }

    /// <summary>Gives the texts of one candidate as encoders read them, until the next call.</summary>
    public ReadOnlySpan<string> Row(ServedRanker ranker, int number, out ReadOnlySpan<int> starts)
    {
        int place = 0;
        int offset = number * ranker.MostTexts;
        for (int text = 0; text < ranker.Texts.Count; text++)
        {
            _starts[text] = place;
            int count = _counts[(number * ranker.Texts.Count) + text];
            _texts.AsSpan(offset, count).CopyTo(_row.AsSpan(place));
            place += count;
            offset += ranker.Texts[text].Most;
        }

        starts = [];
        if (ranker.Texts.Count > 0)
        {
            _starts[ranker.Texts.Count] = place;
            starts = _starts.AsSpan(0, ranker.Texts.Count + 1);
        }

        return _row.AsSpan(0, place);
    }
}
