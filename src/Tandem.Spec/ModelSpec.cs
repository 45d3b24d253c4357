namespace Tandem.Spec;

/// <summary>What is fitted: one model a role.</summary>
public sealed record ModelSpec
{
    /// <summary>Chooses candidates from all items.</summary>
    public ModelChoiceSpec Retrieve { get; init; } = new();

    /// <summary>Orders the candidates, or null to keep the order of retrieval.</summary>
    public ModelChoiceSpec? Rank { get; init; }

    /// <summary>Re-orders the head, or null.</summary>
    public ModelChoiceSpec? Rerank { get; init; }

    /// <summary>The one model of a task that predicts a probability, a class or a number, or null.</summary>
    public ModelChoiceSpec? Predict { get; init; }
}
