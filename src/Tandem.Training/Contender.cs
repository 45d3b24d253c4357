using Tandem.Learning;

namespace Tandem.Training;

/// <summary>A model fitted and judged in a run.</summary>
internal sealed record Contender(
    string Name, ModelKind Kind, IReadOnlyDictionary<string, double> Parameters, bool IsCandidate, Judgement Judgement,
    Judgement? Shown, ModelEvaluation Evaluation)
{
    /// <summary>The model, fitted on the rows before the test window.</summary>
    public required IItemScorer Scorer { get; init; }

    /// <summary>What it went on from; null where it was fitted anew.</summary>
    public WarmStart? Start { get; init; }

    /// <summary>The same in words; null where nobody asked.</summary>
    public string? StartWords { get; init; }

    /// <summary>What the gate compares by: the judgement that holds its metric.</summary>
    public Judgement By(string metric) => metric == Learning.Evaluation.ShownAuc ? Shown! : Judgement;
}
