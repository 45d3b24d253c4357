namespace Tandem.Learning.Ranking;

/// <summary>What a ranking metric measures.</summary>
internal enum RankingMeasure
{
    /// <summary>Share of the test items in the first k.</summary>
    Recall,

    /// <summary>Discounted gain of the first k, relative to the best possible.</summary>
    Ndcg,

    /// <summary>1 where a test item is in the first k.</summary>
    HitRate,

    /// <summary>One divided by the rank of the first test item, over all items.</summary>
    Mrr,

    /// <summary>Share of all items that anybody gets in the first k.</summary>
    Coverage,

    /// <summary>Mean surprise of the first k, in bits.</summary>
    Novelty,

    /// <summary>How much more popular the first k are than the history, relative to it.</summary>
    PopularityLift,

    /// <summary>How far the first k lie from the history's mix of popular and rare items, 0 to 1.</summary>
    PopularityShift,

    /// <summary>Share of neighbours of a shown list that are in the right order.</summary>
    ShownAuc,
}
