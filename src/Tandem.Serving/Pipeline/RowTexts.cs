using Tandem.Features;

namespace Tandem.Serving.Pipeline;

/// <summary>The texts of one request's rows, read with their numbers: what all share once, what is the item's for
/// each. Pooled with its context.</summary>
internal sealed class RowTexts
{
    private string[] _texts = [];
    private int[] _counts = [];
    private string[] _row = [];
    private int[] _starts = [];

    /// <summary>Reads the texts of all rows.</summary>
    public void Read(ServedRowModel model, in FeatureRequest request, ReadOnlySpan<string> ids)
    {
        RequestContext.Grow(ref _texts, ids.Length * model.MostTexts);
        RequestContext.Grow(ref _counts, ids.Length * model.Texts.Count);
        RequestContext.Grow(ref _row, model.MostTexts);
        RequestContext.Grow(ref _starts, model.Texts.Count + 1);
        int offset = 0;
        for (int text = 0; text < model.Texts.Count; text++)
        {
            RankedText feature = model.Texts[text];
            bool isOfItem = feature.Entity == model.ItemEntity;
            for (int i = 0; i < ids.Length; i++)
            {
                Span<string> room = _texts.AsSpan((i * model.MostTexts) + offset, feature.Most);
                if (isOfItem || i == 0)
                {
                    string? id = isOfItem ? ids[i]
                        : feature.Entity == FeatureView.GlobalEntity ? ""
                        : request.Id;
                    _counts[(i * model.Texts.Count) + text] = id is null
                        ? 0
                        : model.Store.ReadIds(feature.View, feature.Feature, id, request.AsOf, room);
                }
                else
                {
                    _texts.AsSpan(offset, feature.Most).CopyTo(room);
                    _counts[(i * model.Texts.Count) + text] = _counts[text];
                }
            }

            offset += feature.Most;
        }
    }

    /// <summary>Gives the texts of one row as encoders read them, until the next call.</summary>
    public ReadOnlySpan<string> Row(ServedRowModel model, int number, out ReadOnlySpan<int> starts)
    {
        int place = 0;
        int offset = number * model.MostTexts;
        for (int text = 0; text < model.Texts.Count; text++)
        {
            _starts[text] = place;
            int count = _counts[(number * model.Texts.Count) + text];
            _texts.AsSpan(offset, count).CopyTo(_row.AsSpan(place));
            place += count;
            offset += model.Texts[text].Most;
        }

        starts = [];
        if (model.Texts.Count > 0)
        {
            _starts[model.Texts.Count] = place;
            starts = _starts.AsSpan(0, model.Texts.Count + 1);
        }

        return _row.AsSpan(0, place);
    }
}
