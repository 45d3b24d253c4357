using Tandem.Spec.Grammar;

namespace Tandem.Spec.Rules;

/// <summary>The rules that look at more than one section, run over a design whose single values have been
/// read.</summary>
/// <remarks>A value that was already faulted holds its default here; a second fault at its place is dropped, so that
/// one mistake is one line of the report.</remarks>
internal static class CrossChecks
{
    public static void Run(SystemSpec spec, Places places, Reading reading)
    {
        Checking checking = new(spec, places, reading);
        SourceChecks.Run(checking);
        ObjectiveChecks.Run(checking);
        FeatureChecks.Run(checking);
        TrainingChecks.Run(checking);
        EvaluationChecks.Run(checking);
        ServingChecks.Run(checking);
        MonitoringChecks.Run(checking);
    }
}
