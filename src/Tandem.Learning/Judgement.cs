using Tandem.Faults;
using Tandem.Learning.Ranking;

namespace Tandem.Learning;

/// <summary>What one model did for each user of a split: the raw material of figures, intervals and
/// comparisons.</summary>
public sealed class Judgement
{
    private readonly double[][] _values;
    private readonly int[] _lists;
    private readonly int[] _listLengths;
    private readonly int _listStride;

    internal Judgement(
        string name, int itemCount, int[] users, IReadOnlyList<RankingMetric> metrics, double[][] values, int[] lists,
        int[] listLengths, int listStride, double seconds)
    {
        Name = name;
        ItemCount = itemCount;
        Users = users;
        Metrics = metrics;
        _values = values;
        _lists = lists;
        _listLengths = listLengths;
        _listStride = listStride;
        Seconds = seconds;
    }

    /// <summary>Name of the model.</summary>
    public string Name { get; }

    /// <summary>Users judged, as indices of the split, rising.</summary>
    public IReadOnlyList<int> Users { get; }

    /// <summary>Seconds to score and rank.</summary>
    public double Seconds { get; }

    /// <summary>Groups of the judged users that figures are given for, too.</summary>
    internal IReadOnlyList<UserSlices> Slices { get; init; } = [];

    internal int ItemCount { get; }

    internal IReadOnlyList<RankingMetric> Metrics { get; }

    /// <summary>One metric's value for each judged user, in the order of <see cref="Users"/>. Coverage belongs to
    /// nobody alone and is 0 throughout.</summary>
    /// <param name="metric">Name of a metric that was asked for.</param>
    /// <exception cref="TandemException">LRN007: it was not.</exception>
    public ReadOnlySpan<double> ValuesOf(string metric) => _values[IndexOf(metric)];

    /// <summary>Place of a metric among <see cref="Metrics"/>.</summary>
    internal int IndexOf(string metric)
    {
        for (int i = 0; i < Metrics.Count; i++)
        {
            if (string.Equals(Metrics[i].Name, metric, StringComparison.Ordinal))
            {
                return i;
            }
        }

        throw new TandemException(LearningErrors.UnknownMetric(metric));
    }

    internal ReadOnlySpan<double> ValuesAt(int metricIndex) => _values[metricIndex];

    /// <summary>The first k of a judged user's list, kept where coverage is asked for.</summary>
    internal ReadOnlySpan<int> ListOf(int judgedIndex, int k) =>
        _lists.AsSpan(judgedIndex * _listStride, Math.Min(k, _listLengths[judgedIndex]));
}
