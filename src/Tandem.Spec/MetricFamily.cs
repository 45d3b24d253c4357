namespace Tandem.Spec;

/// <summary>What kind of answer a metric judges.</summary>
public enum MetricFamily
{
    /// <summary>Ordered lists of items.</summary>
    Ranking = 0,

    /// <summary>Probabilities or labels of classes.</summary>
    Classification = 1,

    /// <summary>Numbers.</summary>
    Regression = 2,

    /// <summary>Differences that an action makes.</summary>
    Uplift = 3,
}
