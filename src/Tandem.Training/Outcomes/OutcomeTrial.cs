using Tandem.Learning;
using Tandem.Training.Ranking;

namespace Tandem.Training.Outcomes;

/// <summary>What fitting and judging models that predict came to.</summary>
/// <param name="Result">Figures of all of them, of the base rate, and of the champion where there is one.</param>
/// <param name="Report">The best one: how many rows it was fitted on, its figures, and what it leans on.</param>
/// <param name="Verdict">The gate's verdict.</param>
/// <param name="Model">The best one, fitted on everything.</param>
/// <param name="Parameters">Its settings, by name; what is missing has its default.</param>
internal sealed record OutcomeTrial(
    EvaluationResult Result, RankReport Report, GateVerdict Verdict, RowModel Model,
    IReadOnlyDictionary<string, double> Parameters)
{
    /// <summary>How its settings were searched; null where no candidate gave ranges.</summary>
    public SearchReport? Search { get; init; }
}
