using Tandem.Numerics.Statistics;

namespace Tandem.Monitoring.Drift;

/// <summary>The tests of one feature: measured first, corrected together with all others, then judged.</summary>
internal sealed class FeatureComparison
{
    private readonly FeatureProfile _profile;
    private readonly long _rows;
    private double? _psi;
    private double? _ks;
    private double? _referenceMedian;
    private double? _currentMedian;
    private double? _currentNullShare;

    private FeatureComparison(FeatureProfile profile, long rows)
    {
        _profile = profile;
        _rows = rows;
    }

    /// <summary>p-value of the distance between the values; null with too few of them.</summary>
    public double? P { get; set; }

    /// <summary>p-value of the change of the share of missing values; null with too few rows.</summary>
    public double? NullP { get; set; }

    private double? ReferenceNullShare => _profile.Rows == 0 ? null : (double)_profile.Nulls / _profile.Rows;

    private double NullChange => (_currentNullShare - ReferenceNullShare) ?? 0;

    public static FeatureComparison Of(FeatureProfile profile, ReadOnlySpan<float> column, int minimumRows)
    {
        FeatureComparison comparison = new(profile, column.Length);
        double[] current = Widen(FeatureProfile.SortedValues(column));
        long nulls = column.Length - current.Length;
        long referenceCount = profile.Rows - profile.Nulls;
        if (column.Length > 0)
        {
            comparison._currentNullShare = (double)nulls / column.Length;
        }

        if (Math.Min(column.Length, profile.Rows) >= minimumRows)
        {
            comparison.NullP = SharesPValue(profile.Nulls, profile.Rows, nulls, column.Length);
        }

        if (Math.Min(current.Length, referenceCount) >= minimumRows)
        {
            double[] reference = Widen(profile.Points);
            double distance = KolmogorovSmirnov.Distance(reference, current);
            comparison._ks = distance;
            comparison.P = KolmogorovSmirnov.PValue(distance, referenceCount, current.Length);
            comparison._psi = PopulationStability.OfSamples(reference, current);
            comparison._referenceMedian = reference[reference.Length / 2];
            comparison._currentMedian = current[current.Length / 2];
        }

        return comparison;
    }

    /// <summary>The verdict, from p-values that are already corrected.</summary>
    public FeatureDrift Judge(DriftOptions options)
    {
        bool valuesMoved = P < options.Alpha && (_psi >= options.MinimumPsi || _ks >= options.MinimumKs);
        bool nullsMoved = NullP < options.Alpha && Math.Abs(NullChange) >= options.MinimumNullChange;
        DriftVerdict verdict = valuesMoved || nullsMoved ? DriftVerdict.Drifted
            : P is null ? DriftVerdict.InsufficientData
            : DriftVerdict.Steady;
        FeatureDrift drift = new()
        {
            Name = _profile.Name,
            Verdict = verdict,
            Words = "",
            ReferenceRows = _profile.Rows,
            CurrentRows = _rows,
            Psi = _psi,
            Ks = _ks,
            P = P,
            ReferenceMedian = _referenceMedian,
            CurrentMedian = _currentMedian,
            ReferenceNullShare = ReferenceNullShare,
            CurrentNullShare = _currentNullShare,
            NullP = NullP,
        };
        return drift with { Words = DriftWords.Of(drift, valuesMoved, nullsMoved, options) };
    }

    /// <summary>Two-sided test that two shares are one: z = (q − p)/√(s·(1 − s)·(1/n + 1/m)), s the pooled
    /// share.</summary>
    private static double SharesPValue(long firstHits, long firstCount, long secondHits, long secondCount)
    {
        double pooled = (double)(firstHits + secondHits) / (firstCount + secondCount);
        double error = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / firstCount) + (1.0 / secondCount)));
        double change = ((double)secondHits / secondCount) - ((double)firstHits / firstCount);
        return error == 0 ? 1 : Math.Min(1, 2 * StandardNormal.Survival(Math.Abs(change) / error));
    }

    private static double[] Widen(IReadOnlyList<float> values)
    {
        double[] wide = new double[values.Count];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return wide;
    }
}
