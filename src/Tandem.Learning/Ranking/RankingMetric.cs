using System.Globalization;
using Tandem.Faults;

namespace Tandem.Learning.Ranking;

/// <summary>A metric by its name, such as <c>recall@20</c>.</summary>
/// <param name="Name">The name as it was given.</param>
/// <param name="Measure">What is measured.</param>
/// <param name="K">Length of the list; 0 where the whole ranking counts.</param>
internal readonly record struct RankingMetric(string Name, RankingMeasure Measure, int K)
{
    public const int MaximumK = 1000;

    public static RankingMetric Parse(string name) =>
        TryParse(name, out RankingMetric metric)
            ? metric
            : throw new TandemException(LearningErrors.UnknownMetric(name));

    public static bool TryParse(string name, out RankingMetric metric)
    {
        metric = new RankingMetric(name, RankingMeasure.Mrr, 0);
        if (string.Equals(name, "mrr", StringComparison.Ordinal))
        {
            return true;
        }

        int at = name.IndexOf('@', StringComparison.Ordinal);
        RankingMeasure? measure = name[..Math.Max(at, 0)] switch
        {
            "recall" => RankingMeasure.Recall,
            "ndcg" => RankingMeasure.Ndcg,
            "hr" => RankingMeasure.HitRate,
            "coverage" => RankingMeasure.Coverage,
            "novelty" => RankingMeasure.Novelty,
            "popularity_lift" => RankingMeasure.PopularityLift,
            "popularity_shift" => RankingMeasure.PopularityShift,
            _ => null,
        };
        if (measure is null
            || !int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int k)
            || k is < 1 or > MaximumK)
        {
            return false;
        }

        metric = new RankingMetric(name, measure.Value, k);
        return true;
    }
}
