using System.Numerics;

namespace Tandem.Features.Evaluation;

internal sealed partial class EventSeries
{
    private const int MostOnStack = 64;

    /// <summary>Computes a value of any kind as of a moment.</summary>
    public FeatureValue Value(FeaturePlan plan, long asOf)
    {
        switch (plan.Kind)
        {
            case FeatureKind.Numbers:
                return FeatureValue.Of(BestNumbers(plan, asOf));
            case FeatureKind.Counts:
                return MostFrequent(plan, asOf);
            case FeatureKind.Sequence:
                return Sequence(plan, asOf);
            case FeatureKind.Text or FeatureKind.Ids:
                int[] codes = new int[plan.K];
                string[] texts = [.. codes[..Texts(plan, asOf, codes)].Select(_texts.Text)];
                return plan.Kind == FeatureKind.Ids ? FeatureValue.Of(texts)
                    : texts.Length == 0 ? FeatureValue.Null
                    : FeatureValue.Of(texts[0]);
            default:
                return FeatureValue.Of(Number(plan, asOf));
        }
    }

    /// <summary>Computes numbers as of a moment, rounded to what they go into; NaN is null.</summary>
    public void Read<T>(ReadPlan plan, long asOf, Span<T> values)
        where T : struct, INumberBase<T>
    {
        Span<Visible> visible = plan.Sights.Length <= MostOnStack
            ? stackalloc Visible[plan.Sights.Length]
            : new Visible[plan.Sights.Length];
        for (int i = 0; i < visible.Length; i++)
        {
            visible[i] = Find(plan.Sights[i], asOf);
        }

        Fold fold = Scratch.OfThread.Fold;
        fold.Clear();
        foreach (ReadPlan.Cell cell in plan.Cells)
        {
            values[cell.Index] = T.CreateTruncating(NumberOf(visible[cell.Sight], cell.Plan, asOf, fold));
        }
    }

    /// <summary>Computes a number as of a moment; NaN is null.</summary>
    public double Number(FeaturePlan plan, long asOf)
    {
        Fold fold = Scratch.OfThread.Fold;
        fold.Clear();
        return NumberOf(Find(plan, asOf), plan, asOf, fold);
    }

    private double NumberOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold)
    {
        if (visible.Newest < 0)
        {
            return double.NaN;
        }

        switch (plan.Operation)
        {
            case FeatureOperation.Count:
                return CountOf(visible, asOf);
            case FeatureOperation.LastNumber:
                return NumberAt(visible.Newest, plan.Slot);
            case FeatureOperation.Sum:
            case FeatureOperation.Mean:
                Total total = TotalOf(visible, plan.Slot, asOf);
                double sum = ExactNumber.ToDouble(total.Sum);
                return total.Count == 0 ? double.NaN : plan.Operation == FeatureOperation.Sum ? sum : sum / total.Count;
            case FeatureOperation.Rate:
                return RateOf(visible, plan, asOf);
            case FeatureOperation.Variance:
                return VarianceOf(visible, plan, asOf);
            case FeatureOperation.Deviation:
                return Math.Sqrt(VarianceOf(visible, plan, asOf));
            case FeatureOperation.Age:
                return SourceRow.Seconds(asOf - _events[visible.Newest].EventTime);
            case FeatureOperation.FirstNumber:
                return FirstOf(visible, plan, asOf).Number;
            default:
                return FoldOf(visible, plan, asOf, fold);
        }
    }

    /// <summary>Collects the texts of the newest K events as of a moment, oldest first, leaving out nulls.</summary>
    /// <param name="plan">A feature of texts.</param>
    /// <param name="asOf">The moment.</param>
    /// <param name="codes">Receives their codes, room for the plan's K.</param>
    /// <returns>How many were written.</returns>
    public int Texts(FeaturePlan plan, long asOf, Span<int> codes)
    {
        Visible visible = Find(plan, asOf);
        if (plan.Operation == FeatureOperation.FirstText)
        {
            codes[0] = visible.Newest < 0 ? -1 : FirstOf(visible, plan, asOf).Code;
            return codes[0] < 0 ? 0 : 1;
        }

        Span<int> events = plan.K <= MostOnStack ? stackalloc int[plan.K] : new int[plan.K];
        int count = NewestWithText(visible, plan, asOf, events);
        for (int i = 0; i < count; i++)
        {
            codes[i] = CodeAt(events[i], plan.Slot);
        }

        return count;
    }

    /// <summary>Finds those of the newest K events that have a text, oldest first.</summary>
    /// <returns>How many were written.</returns>
    private int NewestWithText(in Visible visible, FeaturePlan plan, long asOf, Span<int> events)
    {
        int written = 0;
        for (int i = visible.Newest, seen = 0; i >= visible.Low && seen < plan.K; i--)
        {
            if (!Sees(visible, i, asOf))
            {
                continue;
            }

            seen++;
            if (CodeAt(i, plan.Slot) >= 0)
            {
                events[written++] = i;
            }
        }

        events[..written].Reverse();
        return written;
    }

    private FeatureValue Sequence(FeaturePlan plan, long asOf)
    {
        Visible visible = Find(plan, asOf);
        int[] events = new int[plan.K];
        events = events[..NewestWithText(visible, plan, asOf, events)];
        return FeatureValue.Of(
            [.. events.Select(each => _texts.Text(CodeAt(each, plan.Slot)))],
            [.. events.Select(each => SourceRow.Seconds(asOf - _events[each].EventTime))],
            plan.SecondSlot < 0 ? [] : [.. events.Select(each => NumberAt(each, plan.SecondSlot))]);
    }

    private double[] BestNumbers(FeaturePlan plan, long asOf)
    {
        Visible visible = Find(plan, asOf);
        double[] numbers = new double[plan.K];
        return visible.Newest < 0 ? [] : numbers[..BestOf(visible, plan, asOf, numbers)];
    }

    /// <summary>The texts that occur most, most frequent first, then by bytes.</summary>
    private FeatureValue MostFrequent(FeaturePlan plan, long asOf)
    {
        Visible visible = Find(plan, asOf);
        KeyValuePair<int, int>[] counts = [.. Tally(visible, plan, asOf)];
        Array.Sort(counts, (left, right) => left.Value != right.Value
            ? right.Value.CompareTo(left.Value)
            : _texts.Utf8(left.Key).SequenceCompareTo(_texts.Utf8(right.Key)));
        counts = counts[..Math.Min(plan.K, counts.Length)];
        return FeatureValue.Of(
            [.. counts.Select(each => _texts.Text(each.Key))], [.. counts.Select(each => (double)each.Value)]);
    }

    /// <summary>Finds the events that a feature may see.</summary>
    private Visible Find(FeaturePlan plan, long asOf)
    {
        int high = LowerBound(_plan.IncludesNow ? asOf + 1 : asOf);
        int low = plan.WindowMicros == 0 ? 0 : LowerBound(SawtoothWindow.Start(asOf, plan.WindowMicros));
        low = Math.Min(low, high);

        // What happened a longest lag ago or earlier is known by now; only the rest is looked at one by one.
        int certain = Math.Clamp(LowerBound(asOf - _longestLag + 1), low, high);
        int newest = high - 1;
        while (newest >= certain && _events[newest].KnownTime > asOf)
        {
            newest--;
        }

        bool isNull = newest < low
            || (plan.MaximumAgeMicros > 0 && _events[newest].EventTime < asOf - plan.MaximumAgeMicros);
        return new Visible(low, certain, high, isNull ? -1 : newest, plan.WindowMicros == 0);
    }

    private bool Sees(in Visible visible, int index, long asOf) =>
        index < visible.Certain || _events[index].KnownTime <= asOf;

    private int CountOf(in Visible visible, long asOf)
    {
        int count = visible.Certain - visible.Low + (visible.IsAllTime ? _folded : 0);
        for (int i = visible.Certain; i < visible.High; i++)
        {
            count += _events[i].KnownTime <= asOf ? 1 : 0;
        }

        return count;
    }

    private Total TotalOf(in Visible visible, int sum, long asOf)
    {
        Total total = TotalBefore(visible.Certain, sum);
        if (!visible.IsAllTime)
        {
            total -= TotalBefore(visible.Low, sum);
        }

        for (int i = visible.Certain; i < visible.High; i++)
        {
            if (_events[i].KnownTime <= asOf)
            {
                total += TotalBefore(i + 1, sum) - TotalBefore(i, sum);
            }
        }

        return total;
    }

    private double RateOf(in Visible visible, FeaturePlan plan, long asOf)
    {
        Total above = TotalOf(visible, plan.Slot, asOf);
        double below = plan.SecondSlot < 0
            ? above.Count
            : ExactNumber.ToDouble(TotalOf(visible, plan.SecondSlot, asOf).Sum);
        double divisor = below + plan.Strength;
        return divisor == 0
            ? double.NaN
            : (ExactNumber.ToDouble(above.Sum) + (plan.Prior * plan.Strength)) / divisor;
    }

    private double VarianceOf(in Visible visible, FeaturePlan plan, long asOf)
    {
        Total total = TotalOf(visible, plan.Slot, asOf);
        ExactSquare squares = SquaresBefore(visible.Certain, plan.SecondSlot);
        if (!visible.IsAllTime)
        {
            squares -= SquaresBefore(visible.Low, plan.SecondSlot);
        }

        for (int i = visible.Certain; i < visible.High; i++)
        {
            if (_events[i].KnownTime <= asOf)
            {
                squares += SquaresBefore(i + 1, plan.SecondSlot) - SquaresBefore(i, plan.SecondSlot);
            }
        }

        return total.Count == 0 ? double.NaN : ExactSquare.Variance(total.Count, total.Sum, squares);
    }

    private (double Number, int Code) FirstOf(in Visible visible, FeaturePlan plan, long asOf)
    {
        int first = visible.Low;
        while (!Sees(visible, first, asOf))
        {
            first++;
        }

        if (RemnantOf<Remnant.Oldest>(plan) is { } dropped
            && dropped.IsBefore(_events[first].EventTime, _events[first].KnownTime))
        {
            return (dropped.Number, dropped.Code);
        }

        return plan.Operation == FeatureOperation.FirstText
            ? (double.NaN, CodeAt(first, plan.Slot))
            : (NumberAt(first, plan.Slot), -1);
    }

    private int BestOf(in Visible visible, FeaturePlan plan, long asOf, Span<double> best)
    {
        bool prefersLarge = plan.Operation == FeatureOperation.TopNumbers;
        int count = 0;
        if (RemnantOf<Remnant.BestNumbers>(plan) is { } dropped)
        {
            dropped.Numbers.CopyTo(best);
            count = dropped.Numbers.Length;
        }

        for (int i = visible.Low; i <= visible.Newest; i++)
        {
            if (Sees(visible, i, asOf))
            {
                count = Best.Add(best, count, NumberAt(i, plan.Slot), prefersLarge);
            }
        }

        return count;
    }

    /// <summary>Counts the codes, or the buckets of the numbers, of the events that are seen.</summary>
    private Dictionary<int, int> Tally(in Visible visible, FeaturePlan plan, long asOf)
    {
        Dictionary<int, int> counts = Scratch.OfThread.Counts();
        if (visible.Newest < 0)
        {
            return counts;
        }

        if (RemnantOf<Remnant.Counts>(plan) is { } dropped)
        {
            foreach ((int key, int count) in dropped.Values)
            {
                counts[key] = count;
            }
        }

        for (int i = visible.Low; i <= visible.Newest; i++)
        {
            if (!Sees(visible, i, asOf))
            {
                continue;
            }

            if (plan.Operation != FeatureOperation.Quantile)
            {
                if (CodeAt(i, plan.Slot) is >= 0 and int code)
                {
                    Remnant.CountIn(counts, code);
                }
            }
            else if (NumberAt(i, plan.Slot) is var number && !double.IsNaN(number))
            {
                Remnant.CountIn(counts, QuantileSketch.KeyOf(number));
            }
        }

        return counts;
    }

    private T? RemnantOf<T>(FeaturePlan plan)
        where T : Remnant => plan.Remnant < 0 ? null : (T?)_remnants?[plan.Remnant];

    /// <summary>The events that a feature may see.</summary>
    /// <param name="Low">First in the window.</param>
    /// <param name="Certain">First that may be unknown as of the moment; those before are known.</param>
    /// <param name="High">Behind the last that had happened.</param>
    /// <param name="Newest">Newest that is known, or -1 where there is none or it is too old.</param>
    /// <param name="IsAllTime">True where everything dropped counts too.</param>
    private readonly record struct Visible(int Low, int Certain, int High, int Newest, bool IsAllTime);
}
