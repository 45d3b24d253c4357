using System.Diagnostics;

namespace Tandem.Features.Evaluation;

internal sealed partial class EventSeries
{
    /// <summary>Computes what needs a look at each event that is seen, going on where the fold stands.</summary>
    private double FoldOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold)
    {
        int above = fold.Continue(plan, visible.Newest, visible.Low);
        return plan.Operation switch
        {
            FeatureOperation.Min or FeatureOperation.Max => ExtremeOf(visible, plan, asOf, fold, above),
            FeatureOperation.DecayedCount or FeatureOperation.DecayedSum =>
                DecayedOf(visible, plan, asOf, fold, above),
            FeatureOperation.Quantile => QuantileOf(visible, plan, asOf, fold, above),
            FeatureOperation.Unique => UniqueOf(visible, plan, asOf, fold, above),
            FeatureOperation.ApproximateUnique => ApproximateUniqueOf(visible, plan, asOf, fold, above),
            _ => throw new UnreachableException(),
        };
    }

    private double ExtremeOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold, int above)
    {
        bool isMaximum = plan.Operation == FeatureOperation.Max;
        double extreme = fold.Count == 0 ? double.NaN : fold.Value;
        for (int i = above - 1; i >= visible.Low; i--)
        {
            double number = NumberAt(i, plan.Slot);
            if (!double.IsNaN(number) && Sees(visible, i, asOf))
            {
                extreme = Better(extreme, number);
            }
        }

        fold.Value = extreme;
        fold.Count = double.IsNaN(extreme) ? 0 : 1;
        return RemnantOf<Remnant.BestNumbers>(plan) is { Numbers.Length: > 0 } dropped
            ? Better(extreme, dropped.Numbers[0])
            : extreme;

        double Better(double left, double right) =>
            double.IsNaN(left) || (isMaximum ? right > left : right < left) ? right : left;
    }

    private double DecayedOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold, int above)
    {
        (double[] weights, int from) = fold.Weights(plan.HalfLifeMicros, visible.Newest, visible.Low);
        for (int i = from - 1; i >= visible.Low; i--)
        {
            weights[i] = double.Exp2((_events[i].EventTime - asOf) / plan.HalfLifeMicros);
        }

        double sum = fold.Value;
        for (int i = above - 1; i >= visible.Low; i--)
        {
            double value = plan.Slot < 0 ? 1 : NumberAt(i, plan.Slot);
            if (!double.IsNaN(value) && Sees(visible, i, asOf))
            {
                sum += value * weights[i];
                fold.Count++;
            }
        }

        fold.Value = sum;
        return fold.Count == 0 ? double.NaN : sum;
    }

    private double UniqueOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold, int above)
    {
        for (int i = above - 1; i >= visible.Low; i--)
        {
            if (CodeAt(i, plan.Slot) is >= 0 and int code && Sees(visible, i, asOf))
            {
                fold.Codes.Add(code);
            }
        }

        if (RemnantOf<Remnant.Counts>(plan) is { } dropped)
        {
            foreach (int code in dropped.Values.Keys)
            {
                fold.Codes.Add(code);
            }
        }

        return NoneIsNull(fold.Codes.Count);
    }

    private double ApproximateUniqueOf(in Visible visible, FeaturePlan plan, long asOf, Fold fold, int above)
    {
        for (int i = above - 1; i >= visible.Low; i--)
        {
            if (CodeAt(i, plan.Slot) is >= 0 and int code && Sees(visible, i, asOf))
            {
                DistinctSketch.Add(fold.Registers, _texts.Utf8(code));
            }
        }

        if (RemnantOf<Remnant.Registers>(plan) is { } dropped)
        {
            DistinctSketch.Merge(fold.Registers, dropped.Values);
        }

        return NoneIsNull(DistinctSketch.Estimate(fold.Registers));
    }

    private static double NoneIsNull(double count) => count == 0 ? double.NaN : count;
}
