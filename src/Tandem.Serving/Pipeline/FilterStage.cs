using Tandem.Numerics;

namespace Tandem.Serving.Pipeline;

/// <summary>Strikes out items that were met, are gone, or do not pass the request's filters, by a score of minus
/// infinity, or out of what the index may find.</summary>
internal sealed class FilterStage(ItemCatalogue catalogue) : IStage
{
    public string Name => "filter";

    public void Run(RequestContext context)
    {
        if (context.IsIndexed)
        {
            Allow(context);
        }
        else
        {
            Strike(context, context.Scores);
        }
    }

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

    /// <summary>Says which items the index may find; nothing where it may find all.</summary>
    private void Allow(RequestContext context)
    {
        context.IsFiltered =
            context.SeenCount > 0 || catalogue.HasDeleted || context.Request.Filters.Count > 0;
        if (!context.IsFiltered)
        {
            return;
        }

        Span<ulong> allowed = context.Allowed;
        if (catalogue.HasDeleted)
        {
            context.Live.CopyAlive(catalogue, allowed);
        }
        else
        {
            IdBits.Fill(allowed, context.Model.Items.Count);
        }

        foreach (int item in context.Seen)
        {
            IdBits.Remove(allowed, item);
        }

        foreach ((string name, IReadOnlyList<string> values) in context.Request.Filters)
        {
            KeepOnly(context, allowed, name, values);
        }
    }

    private void KeepOnly(RequestContext context, Span<ulong> allowed, string name, IReadOnlyList<string> values)
    {
        ItemCatalogue.AttributeColumn column =
            catalogue.Find(name) ?? throw ServingErrors.UnknownFilter(name, catalogue.Columns);
        Span<int> codes = values.Count <= 64 ? stackalloc int[values.Count] : new int[values.Count];
        CodesOf(column, values, codes);
        ReadOnlySpan<int> byItem = column.ByItem;
        int[] toCatalogue = context.Live.ToCatalogue;
        for (int i = 0; i < toCatalogue.Length; i++)
        {
            if (!IsAmong(byItem, toCatalogue[i], codes))
            {
                IdBits.Remove(allowed, i);
            }
        }
    }

    private static void CodesOf(ItemCatalogue.AttributeColumn column, IReadOnlyList<string> values, Span<int> codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = column.CodeOf(values[i]);
        }
    }

    private static bool IsAmong(ReadOnlySpan<int> byItem, int item, ReadOnlySpan<int> codes) =>
        item < byItem.Length && byItem[item] >= 0 && codes.Contains(byItem[item]);

    private void KeepOnly(RequestContext context, Span<float> scores, string name, IReadOnlyList<string> values)
    {
        ItemCatalogue.AttributeColumn column =
            catalogue.Find(name) ?? throw ServingErrors.UnknownFilter(name, catalogue.Columns);
        Span<int> codes = values.Count <= 64 ? stackalloc int[values.Count] : new int[values.Count];
        CodesOf(column, values, codes);
        ReadOnlySpan<int> byItem = column.ByItem;
        int[] toCatalogue = context.Live.ToCatalogue;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!IsAmong(byItem, toCatalogue[i], codes))
            {
                scores[i] = float.NegativeInfinity;
            }
        }
    }
}
