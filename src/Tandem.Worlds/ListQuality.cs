namespace Tandem.Worlds;

/// <summary>How good a served list was, judged by the truth rather than by what was clicked.</summary>
/// <param name="Gain">Discounted expected satisfaction of the list: Σ s(k) / log₂(k + 1) over its places k from
/// 1.</param>
/// <param name="BestGain">The same of the best list of that length over everything published.</param>
public readonly record struct ListQuality(double Gain, double BestGain)
{
    /// <summary>Gain as a share of the best possible, 0 to 1; 1 where nothing could be gained.</summary>
    public double Ndcg => BestGain > 0 ? Gain / BestGain : 1;

    /// <summary>Discounted satisfaction that the list gave away, ≥ 0.</summary>
    public double Regret => BestGain - Gain;
}
