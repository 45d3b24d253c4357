namespace Tandem.Learning;

/// <summary>A model that can take in items which nobody had met when it was fitted.</summary>
public interface IGrowingScorer : IItemScorer
{
    /// <summary>The same model with more items behind its own.</summary>
    /// <param name="count">How many come behind.</param>
    /// <param name="attributes">What is known of them, one row each, encoded as for fitting; no row where nothing
    /// is.</param>
    /// <returns>A model that scores them too; this one stays as it is.</returns>
    IItemScorer WithItems(int count, in FeatureRows attributes);
}
