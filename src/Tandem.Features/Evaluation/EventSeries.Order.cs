namespace Tandem.Features.Evaluation;

/// <content>Quantiles by the order of numbers, which is made when somebody first asks and kept while events come in
/// order.</content>
internal sealed partial class EventSeries
{
    /// <summary>Windows of so few events are sorted at once.</summary>
    private const int FewEvents = 12;

    /// <summary>By slot of the numbers; null where nobody asked, or events came out of order since.</summary>
    private NumberOrder?[]? _orders;

    private double QuantileOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold, int above)
    {
        if (plan.Remnant >= 0 && RemnantOf<Remnant.Counts>(plan) is { Values.Count: > 0 })
        {
            Dictionary<int, int> counts = Tally(visible, plan, asOf);
            return counts.Count == 0 ? double.NaN : QuantileSketch.ValueAt(counts, plan.Quantile);
        }

        double value = _count > NumberOrder.MostEvents
            ? SortedQuantileOf(visible, plan, asOf, fold, above)
            : visible.Newest - visible.Low < FewEvents
                ? FewQuantileOf(visible, plan, asOf)
                : OrderedQuantileOf(visible, plan, asOf);

        // Buckets are in the order of their values, so the bucket at a rank is that of the value at the rank.
        return plan.Remnant < 0 || double.IsNaN(value) ? value : QuantileSketch.Round(value);
    }

    private double SortedQuantileOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold, int above)
    {
        Span<double> room = Scratch.OfThread.Numbers(above - visible.Low);
        int count = 0;
        for (int i = above - 1; i >= visible.Low; i--)
        {
            double number = NumberAt(i, plan.Slot);
            if (!double.IsNaN(number) && Sees(visible, i, asOf))
            {
                room[count++] = number;
            }
        }

        fold.Insert(room[..count]);
        return fold.Count == 0 ? double.NaN : fold.Sorted[(int)QuantileSketch.Rank(plan.Quantile, fold.Count)];
    }

    private double FewQuantileOf(in Visible visible, FeaturePlan plan, long asOf)
    {
        Span<double> sorted = stackalloc double[FewEvents];
        int count = 0;
        for (int i = visible.Low; i <= visible.Newest; i++)
        {
            double number = NumberAt(i, plan.Slot);
            if (!double.IsNaN(number) && Sees(visible, i, asOf))
            {
                int place = count++;
                for (; place > 0 && sorted[place - 1] > number; place--)
                {
                    sorted[place] = sorted[place - 1];
                }

                sorted[place] = number;
            }
        }

        return count == 0 ? double.NaN : sorted[(int)QuantileSketch.Rank(plan.Quantile, count)];
    }

    private double OrderedQuantileOf(in Visible visible, FeaturePlan plan, long asOf)
    {
        ReadOnlySpan<ushort> order = OrderOf(plan.Slot).Indices;
        int count = visible.Newest - visible.Low + 1;
        if (order.Length < _count || visible.Certain <= visible.Newest)
        {
            count = 0;
            foreach (ushort index in order)
            {
                count += IsIn(visible, index, asOf) ? 1 : 0;
            }
        }

        if (count == 0)
        {
            return double.NaN;
        }

        long left = QuantileSketch.Rank(plan.Quantile, count);
        foreach (ushort index in order)
        {
            if (IsIn(visible, index, asOf) && left-- == 0)
            {
                return NumberAt(index, plan.Slot);
            }
        }

        throw new System.Diagnostics.UnreachableException();
    }

    private bool IsIn(in Visible visible, int index, long asOf) =>
        (uint)(index - visible.Low) <= (uint)(visible.Newest - visible.Low) && Sees(visible, index, asOf);

    private NumberOrder OrderOf(int slot)
    {
        _orders ??= new NumberOrder?[_plan.Numbers.Count];
        return _orders[slot] ??= MakeOrder(slot);
    }

    private NumberOrder MakeOrder(int slot)
    {
        int width = _plan.Numbers.Count;
        if (width == 1)
        {
            return new NumberOrder(_numbers.AsSpan(0, _count));
        }

        double[] column = new double[_count];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = NumberAt(i, slot);
        }

        return new NumberOrder(column);
    }

    /// <summary>Keeps the orders in step with an event that was inserted.</summary>
    private void Reorder(int index)
    {
        if (index < _count - 1 || _count > NumberOrder.MostEvents)
        {
            _orders = null;
            return;
        }

        for (int slot = 0; _orders is not null && slot < _orders.Length; slot++)
        {
            _orders[slot]?.Append(index, NumberAt(index, slot), _numbers, _plan.Numbers.Count, slot);
        }
    }
}
