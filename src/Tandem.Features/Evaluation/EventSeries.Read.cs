using System.Diagnostics;

namespace Tandem.Features.Evaluation;

internal sealed partial class EventSeries
{
    /// <summary>Computes a number as of a moment; NaN is null.</summary>
    public double Number(in FeaturePlan plan, long asOf)
    {
        Visible visible = Find(plan, asOf);
        if (visible.Newest < 0)
        {
            return double.NaN;
        }

        switch (plan.Operation)
        {
            case FeatureOperation.Count:
                return CountOf(visible, asOf);
            case FeatureOperation.LastNumber:
                return _numbers[(visible.Newest * _plan.Numbers.Count) + plan.Slot];
            case FeatureOperation.Sum:
            case FeatureOperation.Mean:
                Total total = TotalOf(visible, plan.Slot, asOf);
                double sum = ExactNumber.ToDouble(total.Sum);
                return total.Count == 0 ? double.NaN : plan.Operation == FeatureOperation.Sum ? sum : sum / total.Count;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Collects the texts of the newest K events as of a moment, oldest first, leaving out nulls.</summary>
    /// <param name="plan">A feature of texts.</param>
    /// <param name="asOf">The moment.</param>
    /// <param name="codes">Receives their codes, room for the plan's K.</param>
    /// <returns>How many were written.</returns>
    public int Texts(in FeaturePlan plan, long asOf, Span<int> codes)
    {
        Visible visible = Find(plan, asOf);
        int written = 0;
        for (int i = visible.Newest, seen = 0; i >= visible.Low && seen < plan.K; i--)
        {
            if (i >= visible.Certain && _events[i].KnownTime > asOf)
            {
                continue;
            }

            seen++;
            int code = _codes[(i * _plan.Codes.Count) + plan.Slot];
            if (code >= 0)
            {
                codes[written++] = code;
            }
        }

        codes[..written].Reverse();
        return written;
    }

    /// <summary>Finds the events that a feature may see.</summary>
    private Visible Find(in FeaturePlan plan, long asOf)
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

    /// <summary>The events that a feature may see.</summary>
    /// <param name="Low">First in the window.</param>
    /// <param name="Certain">First that may be unknown as of the moment; those before are known.</param>
    /// <param name="High">Behind the last that had happened.</param>
    /// <param name="Newest">Newest that is known, or -1 where there is none or it is too old.</param>
    /// <param name="IsAllTime">True where everything dropped counts too.</param>
    private readonly record struct Visible(int Low, int Certain, int High, int Newest, bool IsAllTime);
}
