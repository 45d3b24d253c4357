namespace Tandem.Spec.Rules;

/// <summary>Metrics against the task.</summary>
internal static class EvaluationChecks
{
    private static readonly string[] Slices =
        ["new_users", "returning_users", "new_items", "popular_items", "tail_items"];

    public static void Run(Checking checking)
    {
        EvaluationSpec evaluation = checking.Spec.Evaluation;
        foreach (string metric in evaluation.Metrics)
        {
            CheckMetric(metric, checking, checking.Places.Item(text => text == metric, "evaluation", "metrics"));
        }

        foreach (string metric in checking.Spec.Requirements.Floors.Keys)
        {
            CheckMetric(metric, checking, checking.Places.Key("requirements", "floors", metric));
        }

        if (evaluation.Imported.Count > 0 && checking.Task is { } task
            && (!checking.Spec.IsTabular || task.Name is LearningTask.Uplift or "quantile" or "multilabel"))
        {
            checking.Report(checking.Places.Key("evaluation", "imported"), RowErrors.ImportedOfOtherTask(task.Name));
        }

        CheckGate(evaluation, checking);
        CheckSlices(evaluation, checking);
    }

    private static void CheckGate(EvaluationSpec evaluation, Checking checking)
    {
        if (!checking.Places.IsGiven("evaluation", "gate", "metric"))
        {
            return;
        }

        Yaml.Node node = checking.Places.At("evaluation", "gate", "metric");
        string metric = evaluation.Gate.Metric;
        CheckMetric(metric, checking, node);
        if (metric == "accuracy" && checking.Task is { Name: not "multiclass" } task)
        {
            checking.Report(node, SpecErrors.AccuracyGate(task.Name));
        }
        else if (AreMetricsRead(evaluation, checking) && !evaluation.Metrics.Contains(metric, StringComparer.Ordinal))
        {
            checking.Report(node, SpecErrors.GateNotMeasured(metric, evaluation.Metrics));
        }
    }

    /// <summary>False where a metric of the list was faulted: it may be the one that the gate means.</summary>
    private static bool AreMetricsRead(EvaluationSpec evaluation, Checking checking) =>
        evaluation.Metrics.Count > 0
        && (checking.Places.At("evaluation", "metrics") is not Yaml.ListNode list
            || list.Items.Count == evaluation.Metrics.Count);

    private static void CheckMetric(string name, Checking checking, Yaml.Node node)
    {
        if (checking.Task is { } task && MetricNames.Find(name, checking.Vocabulary) is { } metric
            && !(checking.Spec.IsTabular && task.Name == LearningTask.Uplift ? [MetricFamily.Uplift] : task.Families)
                .Contains(metric.Family))
        {
            checking.Report(node, SpecErrors.MetricOfOtherTask(name, metric.Family, task.Name, task.Metrics));
        }
    }

    private static void CheckSlices(EvaluationSpec evaluation, Checking checking)
    {
        HashSet<string> known = new(Slices, StringComparer.Ordinal);
        foreach (SourceSpec source in checking.Spec.Sources.Values)
        {
            known.UnionWith(source.Columns.Keys);
        }

        foreach (string slice in evaluation.Slices.Where(slice => !known.Contains(slice)))
        {
            checking.Report(
                checking.Places.Item(text => text == slice, "evaluation", "slices"),
                SpecErrors.UnknownSlice(slice, [.. known]));
        }
    }
}
