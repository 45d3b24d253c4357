namespace Tandem.Serving.Pipeline;

/// <summary>Strikes out items that were met, are gone, or do not pass the request's filters, by a score of minus
/// infinity.</summary>
internal sealed class FilterStage(ItemCatalogue catalogue) : IStage
{
    public string Name => "filter";

    public void Run(RequestContext context) => Strike(context, context.Scores);

    /// <summary>Strikes out of any scores over the model's items.</summary>
    public void Strike(RequestContext context, Span<float> scores)
    {
        foreach (int item in context.Seen)
        {
            scores[item] = float.NegativeInfinity;
        }

        StrikeDeleted(context, scores);
        foreach ((string name, IReadOnlyList<string> values) in context.Request.Filters)
        {
            KeepOnly(context, scores, name, values);
        }
    }

    /// <summary>Strikes out the items that are gone.</summary>
    public void StrikeDeleted(RequestContext context, Span<float> scores)
    {
        if (!catalogue.HasDeleted)
        {
            return;
        }

        ReadOnlySpan<bool> deleted = catalogue.Deleted;
        int[] toCatalogue = context.Live.ToCatalogue;
        for (int i = 0; i < scores.Length; i++)
        {
            int at = toCatalogue[i];
            if (at < deleted.Length && deleted[at])
            {
                scores[i] = float.NegativeInfinity;
            }
        }
    }

    private void KeepOnly(RequestContext context, Span<float> scores, string name, IReadOnlyList<string> values)
    {
        ItemCatalogue.AttributeColumn column =
            catalogue.Find(name) ?? throw ServingErrors.UnknownFilter(name, catalogue.Columns);
        Span<int> codes = values.Count <= 64 ? stackalloc int[values.Count] : new int[values.Count];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = column.CodeOf(values[i]);
        }

        ReadOnlySpan<int> byItem = column.ByItem;
        int[] toCatalogue = context.Live.ToCatalogue;
        for (int i = 0; i < scores.Length; i++)
        {
            int at = toCatalogue[i];
            if (at >= byItem.Length || byItem[at] < 0 || !codes.Contains(byItem[at]))
            {
                scores[i] = float.NegativeInfinity;
            }
        }
    }
}
