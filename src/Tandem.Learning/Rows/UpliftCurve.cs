using Tandem.Faults;
using Tandem.Learning.Ranking;

namespace Tandem.Learning.Rows;

/// <summary>What treating the rows of the highest scores changes, as more and more are treated. Reads only; safe from any
/// thread.</summary>
/// <remarks>Of the first x of the rows, Y and N are outcomes and rows of the treated (t) and the others (c); rows of one
/// score come together, between them curves run straight.
/// qini = ∫ (Q(x) − x·Q(1)) dx with Q = (Yₜ − Y꜀·Nₜ/N꜀) / all treated (N. Radcliffe, Using control groups to target on
/// predicted lift, 2007); auuc = ∫ x·(Yₜ/Nₜ − Y꜀/N꜀) dx; effect = Yₜ/Nₜ − Y꜀/N꜀ of all.</remarks>
internal sealed class UpliftCurve : IResampleStatistics
{
    private readonly float[] _uplift;
    private readonly float[] _outcomes;
    private readonly bool[] _isTreated;
    private readonly int[] _order;

    public UpliftCurve(float[] uplift, float[] outcomes, bool[] isTreated)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(uplift.Length, isTreated.Length, nameof(uplift));
        ArgumentOutOfRangeException.ThrowIfNotEqual(outcomes.Length, isTreated.Length, nameof(outcomes));
        if (!isTreated.Contains(true) || !isTreated.Contains(false))
        {
            throw new TandemException(LearningErrors.OneArm());
        }

        _uplift = uplift;
        _outcomes = outcomes;
        _isTreated = isTreated;
        _order = [.. Enumerable.Range(0, uplift.Length).OrderByDescending(row => uplift[row])];
    }

    public int Count => _order.Length;

    /// <summary>Rows of each arm: a resample has as many of each.</summary>
    public int[][] Arms() =>
    [
        [.. Enumerable.Range(0, Count).Where(row => _isTreated[row])],
        [.. Enumerable.Range(0, Count).Where(row => !_isTreated[row])],
    ];

    /// <summary>Computes qini, auuc and effect, as many as there is room for.</summary>
    public void Compute(ReadOnlySpan<int> drawCounts, Span<double> values)
    {
        long treatedCount = 0;
        for (int row = 0; row < drawCounts.Length; row++)
        {
            treatedCount += _isTreated[row] ? drawCounts[row] : 0;
        }

        Sums sums = default;
        double lastShare = 0;
        double lastQini = 0;
        double lastUplift = 0;
        double qiniArea = 0;
        double upliftArea = 0;
        for (int at = 0; at < _order.Length;)
        {
            float score = _uplift[_order[at]];
            for (; at < _order.Length && _uplift[_order[at]] == score; at++)
            {
                int row = _order[at];
                sums.Add(_isTreated[row], drawCounts[row], _outcomes[row]);
            }

            double share = (sums.Treated + sums.Others) / Count;
            double qini = sums.Extra / treatedCount;
            double uplift = share * sums.Effect;
            qiniArea += (share - lastShare) * (qini + lastQini) / 2;
            upliftArea += (share - lastShare) * (uplift + lastUplift) / 2;
            (lastShare, lastQini, lastUplift) = (share, qini, uplift);
        }

        ReadOnlySpan<double> all = [qiniArea - (lastQini / 2), upliftArea, sums.Effect];
        all[..values.Length].CopyTo(values);
    }

    private struct Sums
    {
        private double _treatedSum;
        private double _otherSum;

        public double Treated { get; private set; }

        public double Others { get; private set; }

        /// <summary>Outcomes of the treated beyond those that as many others have.</summary>
        public readonly double Extra => _treatedSum - (Others > 0 ? _otherSum * Treated / Others : 0);

        public readonly double Effect =>
            (Treated > 0 ? _treatedSum / Treated : 0) - (Others > 0 ? _otherSum / Others : 0);

        public void Add(bool isTreated, int count, double outcome)
        {
            if (isTreated)
            {
                Treated += count;
                _treatedSum += count * outcome;
            }
            else
            {
                Others += count;
                _otherSum += count * outcome;
            }
        }
    }
}
