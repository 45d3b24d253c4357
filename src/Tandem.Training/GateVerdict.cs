using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Whether the best candidate may become champion, and why.</summary>
/// <param name="IsPromoted">True where it becomes champion.</param>
/// <param name="Metric">Metric that decided.</param>
/// <param name="Candidate">The candidate's value on the newest window.</param>
/// <param name="Against">What it was measured against: <c>champion version 3</c>, or a baseline.</param>
/// <param name="Reference">The other's value on the same users and rows.</param>
/// <param name="Low">Lower end of the 95 % interval of the paired difference.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Reason">One sentence for people.</param>
public sealed record GateVerdict(
    bool IsPromoted, string Metric, double Candidate, string Against, double Reference, double Low, double High,
    string Reason)
{
    /// <summary>The verdict where a decision owes each part of the rows its share: who does not give it is not
    /// promoted.</summary>
    internal GateVerdict Under(DecisionReport? decision, SliceFloorSpec? floor)
    {
        if (decision is not { BelowFloor: { Count: > 0 } below } || floor is null)
        {
            return this;
        }

        IEnumerable<string> shares = below.Take(MostNamed).Select(
            part => FormattableString.Invariant($"{decision.Slices[part].Recall:F3} where {part}"));
        return this with
        {
            IsPromoted = false,
            Reason = FormattableString.Invariant(
                $"{Reason}; its decision acts on fewer than {floor.Recall:0.###} of the positives in {below.Count} of ")
                + FormattableString.Invariant($"{decision.Slices.Count} parts: {string.Join(", ", shares)}"),
        };
    }

    private const int MostNamed = 5;
}
