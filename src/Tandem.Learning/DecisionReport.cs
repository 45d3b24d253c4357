namespace Tandem.Learning;

/// <summary>What a rule would have cost on rows that the model did not see, a row.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Cost">Mean cost of a row.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="AlwaysCost">That of acting on every row.</param>
/// <param name="NeverCost">That of acting on none.</param>
/// <param name="SavingLow">Lower end of the 95 % interval of what the rule saves over the cheaper of the two; above 0 the
/// model is worth its keep.</param>
/// <param name="SavingHigh">Upper end.</param>
/// <param name="ActShare">Share of the rows that are acted on.</param>
/// <param name="AbstainShare">Share of those that are abstained on.</param>
/// <param name="Precision">Share of the rows acted on that are positives; 0 where none is.</param>
/// <param name="Recall">Share of the positives that are acted on.</param>
public sealed record DecisionReport(
    DecisionRule Rule, double Cost, double Low, double High, double AlwaysCost, double NeverCost, double SavingLow,
    double SavingHigh, double ActShare, double AbstainShare, double Precision, double Recall)
{
    /// <summary>The same for parts of the rows, by name.</summary>
    public IReadOnlyDictionary<string, DecisionReport> Slices { get; init; } =
        new Dictionary<string, DecisionReport>(StringComparer.Ordinal);

    /// <summary>Names of the parts with positives whose share of positives acted on is below the floor that was asked
    /// for.</summary>
    public IReadOnlyList<string> BelowFloor { get; init; } = [];
}
