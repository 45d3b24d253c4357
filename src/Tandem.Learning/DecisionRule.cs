using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Faults;
using Tandem.Learning.Rows;

namespace Tandem.Learning;

/// <summary>Turns a probability into a decision; stored with the version of the model whose probabilities it was made
/// for.</summary>
/// <param name="By">How its threshold was found: <c>cost</c>, <c>observed_cost</c>, <c>capacity</c> or
/// <c>threshold</c>.</param>
/// <param name="Threshold">Probability, 0 to 1, from which on one acts; above 1 one never does.</param>
public sealed record DecisionRule(string By, double Threshold)
{
    /// <summary>Probability from which on one abstains; with <see cref="AbstainTo"/>, below it, comes before the threshold.
    /// Null abstains never.</summary>
    public double? AbstainFrom { get; init; }

    /// <summary>Probability from which on one abstains no more.</summary>
    public double? AbstainTo { get; init; }

    /// <summary>The threshold of costs: right where probabilities are calibrated, whatever the rows.</summary>
    /// <param name="costs">What mistakes cost.</param>
    public static DecisionRule ByCost(DecisionCosts costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return new DecisionRule("cost", costs.Threshold);
    }

    /// <summary>The threshold that cost least on rows that the model did not see, half-way between two of their
    /// probabilities; of equal ones the nearest to that of the costs.</summary>
    /// <param name="scores">Scores of binary rows.</param>
    /// <param name="costs">What mistakes cost.</param>
    /// <remarks>O(rows log rows).</remarks>
    public static DecisionRule ByObservedCost(RowScores scores, DecisionCosts costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        DecidedRows rows = new(scores);
        double cost = rows.CostOf(Decision.Pass, costs);
        double least = cost;
        double threshold = Never;
        for (int at = 0; at < rows.Count;)
        {
            (int next, double change) = rows.Step(at, costs);
            cost += change;
            double here = rows.Between(next);

            // Sums of floats differ in their last digits; such costs are equal.
            bool isEqual = Math.Abs(cost - least) <= 1e-12 * Math.Abs(least);
            if (isEqual ? Math.Abs(here - costs.Threshold) < Math.Abs(threshold - costs.Threshold) : cost < least)
            {
                threshold = here;
                least = cost;
            }

            at = next;
        }

        return new DecisionRule("observed_cost", threshold);
    }

    /// <summary>The lowest threshold by which no more than so many a day are acted on, on average over the days of the
    /// rows.</summary>
    /// <param name="scores">Scores of binary rows, as they came on those days.</param>
    /// <param name="days">Days that the rows are of, > 0.</param>
    /// <param name="perDay">Acts a day at most, ≥ 0.</param>
    public static DecisionRule ByCapacity(RowScores scores, double days, double perDay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(days, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(perDay);
        DecidedRows rows = new(scores);
        double threshold = Never;
        for (int at = 0; at < rows.Count;)
        {
            (int next, _) = rows.Step(at, Free);
            if (next > perDay * days)
            {
                break;
            }

            threshold = rows.Between(next);
            at = next;
        }

        return new DecisionRule("capacity", threshold);
    }

    /// <summary>Decides.</summary>
    /// <param name="probability">Probability of a positive.</param>
    public Decision Decide(double probability) =>
        probability >= AbstainFrom && probability < AbstainTo ? Decision.Abstain
        : probability >= Threshold ? Decision.Act
        : Decision.Pass;

    /// <summary>Writes the rule as UTF-8 JSON on one line.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, DecisionJsonContext.Default.DecisionRule);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="TandemException">LRN071: it is something else.</exception>
    public static DecisionRule Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, DecisionJsonContext.Default.DecisionRule)
                ?? throw new JsonException("The rule is null.");
        }
        catch (JsonException wrong)
        {
            throw new TandemException(LearningErrors.DamagedRule(wrong.Message), wrong);
        }
    }

    private const double Never = 2;
    private static readonly DecisionCosts Free = new(0, 0);
}

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecisionRule))]
internal sealed partial class DecisionJsonContext : JsonSerializerContext;
