using System.Globalization;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Decides whether the best candidate may serve: it must beat the champion, or the named baseline where there
/// is none, on the same users or rows of the newest window.</summary>
internal static class PromotionGate
{
    /// <summary>The verdict where there is nothing to beat.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="candidate">The candidate's figure.</param>
    public static GateVerdict Unopposed(GateSpec gate, double candidate) => new(
        true, gate.Metric, candidate, "nothing", 0, 0, 0,
        $"there is no champion, and '{gate.Beats}' is not among the baselines");

    /// <summary>The verdict of a comparison.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="against">What was to be beaten: <c>champion version 3</c>, or a baseline.</param>
    /// <param name="judged">What both were judged on: users, or impressions.</param>
    /// <param name="comparison">Both by the gate's metric.</param>
    public static GateVerdict Decide(GateSpec gate, string against, string judged, MetricComparison comparison)
    {
        double wanted = comparison.Champion
            * (comparison.LowerIsBetter ? 1 - gate.MinimumGain : 1 + gate.MinimumGain);
        bool isPromoted = comparison.LowerIsBetter
            ? comparison.Challenger < wanted
            : comparison.Challenger > wanted;
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{gate.Metric} {comparison.Challenger:F4} against {comparison.Champion:F4} of {against} on the same " +
            $"{judged} of the newest window; difference {comparison.Difference:+0.0000;-0.0000;0.0000}, " +
            $"95 % interval {comparison.Low:+0.0000;-0.0000;0.0000} to {comparison.High:+0.0000;-0.0000;0.0000}");
        return new GateVerdict(
            isPromoted, gate.Metric, comparison.Challenger, against, comparison.Champion, comparison.Low,
            comparison.High, reason);
    }
}
