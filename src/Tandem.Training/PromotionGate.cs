using System.Globalization;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Decides whether the best candidate may serve: it must beat the champion, or the named baseline where there
/// is none, on the same users of the newest window.</summary>
internal static class PromotionGate
{
    public static GateVerdict Decide(
        GateSpec gate, Judgement candidate, double alone, Judgement? champion, int championVersion,
        Judgement? baseline, EvaluationOptions options, CancellationToken cancellationToken)
    {
        if ((champion ?? baseline) is not { } other)
        {
            return new GateVerdict(
                true, gate.Metric, alone, "nothing", 0, 0, 0,
                $"there is no champion, and '{gate.Beats}' is not among the baselines");
        }

        string against = champion is null
            ? baseline!.Name
            : string.Create(CultureInfo.InvariantCulture, $"champion version {championVersion}");
        EvaluationOptions paired = options with { BootstrapSamples = Math.Max(100, options.BootstrapSamples) };
        MetricComparison comparison = Evaluation.Compare(
            other, candidate, gate.Metric, paired, cancellationToken);
        double wanted = comparison.Champion * (1 + gate.MinimumGain);
        bool isPromoted = comparison.Challenger > wanted;
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{gate.Metric} {comparison.Challenger:F4} against {comparison.Champion:F4} of {against} on the same " +
            $"users of the newest window; difference {comparison.Difference:+0.0000;-0.0000;0.0000}, " +
            $"95 % interval {comparison.Low:+0.0000;-0.0000;0.0000} to {comparison.High:+0.0000;-0.0000;0.0000}");
        return new GateVerdict(
            isPromoted, gate.Metric, comparison.Challenger, against, comparison.Champion, comparison.Low,
            comparison.High, reason);
    }
}
