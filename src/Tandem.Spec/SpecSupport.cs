using Tandem.Faults;
using Tandem.Spec.Rules;

namespace Tandem.Spec;

/// <summary>Says which parts of a valid design this build does not run yet.</summary>
public static class SpecSupport
{
    private static readonly string[] Tasks = ["retrieval", "ranking", "binary"];

    /// <summary>Finds the parts of a design that no engine here runs.</summary>
    /// <param name="spec">A valid design.</param>
    /// <returns>One fault of kind <see cref="FaultKind.Unsupported"/> a part, without places; empty where all of it
    /// runs.</returns>
    public static IReadOnlyList<Fault> Find(SystemSpec spec) =>
        [.. Parts(spec).Select(static part => part.Fault)];

    /// <summary>Finds the parts of a file that no engine here runs.</summary>
    /// <param name="file">A file; one with faults has nothing to run, and the answer is empty.</param>
    /// <returns>One fault of kind <see cref="FaultKind.Unsupported"/> a part, with its place.</returns>
    public static IReadOnlyList<Fault> Find(SpecFile file)
    {
        if (file is not { Spec: { } spec, Root: { } root })
        {
            return [];
        }

        Places places = new(root);
        return [.. Parts(spec).Select(part => part.Fault with { Place = Place(file, places.At(part.Path)) })];
    }

    private static string Place(SpecFile file, Yaml.Node node) =>
        $"{file.FileName}:{node.Start.Line}:{node.Start.Column}";

    private static IEnumerable<(Fault Fault, string[] Path)> Parts(SystemSpec spec)
    {
        // Rows that are examples are judged by 'tandem evaluate'; the loops say for themselves that they take none.
        if (!spec.IsTabular && !Tasks.Contains(spec.Objective.Task, StringComparer.Ordinal))
        {
            yield return (SpecErrors.NoTask(spec.Objective.Task, Tasks), ["objective", "task"]);
        }

        if (spec.Model.Rerank is not null)
        {
            yield return (SpecErrors.NoRole("rerank"), ["model", "rerank"]);
        }

        if (spec.IsPredicted && !spec.IsTabular && PredictLacks(spec) is { } lack)
        {
            yield return lack;
        }

        foreach ((Fault, string[]) part in LoopParts(spec))
        {
            yield return part;
        }
    }

    /// <summary>What the training loop of a task that predicts cannot do without; null where nothing lacks.</summary>
    private static (Fault Fault, string[] Path)? PredictLacks(SystemSpec spec)
    {
        if (spec.Training.Split.By != SplitSpec.Time)
        {
            return (SpecErrors.PredictNeeds(
                $"predictions judged by the split '{spec.Training.Split.By}'", "Write training.split.by: time."),
                ["training", "split"]);
        }

        return spec.Features.Count == 0
            ? (SpecErrors.PredictNeeds("predictions without features", "Add views under features."), ["objective", "task"])
            : null;
    }

    private static IEnumerable<(Fault Fault, string[] Path)> LoopParts(SystemSpec spec)
    {
        if (spec.Training.Streaming)
        {
            yield return (SpecErrors.NoStreaming(), ["training", "streaming"]);
        }

        if (spec.Evaluation.Slices.Count > 0 && !spec.IsTabular)
        {
            yield return (SpecErrors.NoSlices(), ["evaluation", "slices"]);
        }

        if (spec.Serving.Rollout != "immediate")
        {
            yield return (SpecErrors.NoRollout(spec.Serving.Rollout), ["serving", "rollout"]);
        }

        foreach (string target in spec.Monitoring.Alerts.Where(static target => target != "log"))
        {
            yield return (SpecErrors.NoAlert(target), ["monitoring", "alerts"]);
        }
    }
}
