using Tandem.Learning.Imbalance;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>What a design says about rare positives.</summary>
public static class RarePositives
{
    /// <summary>The method of <c>training.imbalance</c>, with its settings.</summary>
    /// <param name="spec">The design.</param>
    public static ImbalanceChoice Of(SystemSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new ImbalanceChoice(spec.Training.Imbalance.Kind, spec.Training.Imbalance.Parameters);
    }
}
