using System.Numerics;

namespace Tandem.Features.Evaluation;

/// <content>Numbers that were computed are kept while they stay the same: until an event comes, a window moves past one, a
/// time to live is over, or what happens later is known. They are made at the second read since the last event, so that
/// nothing is kept of those whom nobody asks for.</content>
internal sealed partial class EventSeries
{
    private ReadPlan? _keptPlan;
    private double[] _kept = [];
    private long _keptFrom;
    private long _keptUntil;

    /// <summary>Numbers that there is room for.</summary>
    public int KeptCount => _kept.Length;

    /// <summary>Computes as <see cref="Read"/> does, or gives what it gave before, to the bit.</summary>
    /// <param name="plan">What is read; one plan is always read as the same type.</param>
    /// <param name="asOf">The moment.</param>
    /// <param name="values">Receives the numbers.</param>
    /// <returns>True where they were kept.</returns>
    public bool ReadKept<T>(ReadPlan plan, long asOf, Span<T> values)
        where T : struct, INumberBase<T>
    {
        if (_keptPlan == plan && _keptFrom <= asOf && asOf < _keptUntil)
        {
            for (int i = 0; i < plan.Steady.Length; i++)
            {
                values[plan.Steady[i].Index] = T.CreateTruncating(_kept[i]);
            }

            if (plan.Moving is { } moving)
            {
                Read(moving, asOf, values);
            }

            return true;
        }

        Read(plan, asOf, values);
        if (_keptPlan is null)
        {
            (_keptPlan, _keptUntil) = (plan, long.MinValue);
        }
        else if (_keptPlan == plan && asOf >= _keptUntil && plan.Steady.Length > 0)
        {
            Keep(plan, asOf, values);
        }

        return false;
    }

    private void Keep<T>(ReadPlan plan, long asOf, Span<T> values)
        where T : struct, INumberBase<T>
    {
        if (_kept.Length != plan.Steady.Length)
        {
            _kept = new double[plan.Steady.Length];
        }

        for (int i = 0; i < _kept.Length; i++)
        {
            _kept[i] = double.CreateTruncating(values[plan.Steady[i].Index]);
        }

        (_keptFrom, _keptUntil) = (asOf, long.MaxValue);
        foreach (FeaturePlan sight in plan.Sights)
        {
            _keptUntil = Math.Min(_keptUntil, ChangeOf(sight, asOf));
        }
    }

    /// <summary>The first moment behind another at which a feature may see other events, though none comes.</summary>
    private long ChangeOf(FeaturePlan plan, long asOf)
    {
        Visible visible = Find(plan, asOf);
        long change = visible.High < _count ? _events[visible.High].EventTime + (_plan.IncludesNow ? 0 : 1) : long.MaxValue;
        for (int i = visible.Certain; i < visible.High; i++)
        {
            change = _events[i].KnownTime > asOf ? Math.Min(change, _events[i].KnownTime) : change;
        }

        if (plan.WindowMicros > 0 && visible.Low < visible.High)
        {
            change = Math.Min(change, SawtoothWindow.End(_events[visible.Low].EventTime, plan.WindowMicros));
        }

        return plan.MaximumAgeMicros > 0 && visible.Newest >= 0
            ? Math.Min(change, _events[visible.Newest].EventTime + plan.MaximumAgeMicros + 1)
            : change;
    }
}
