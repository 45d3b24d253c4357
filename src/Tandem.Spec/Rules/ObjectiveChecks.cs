namespace Tandem.Spec.Rules;

/// <summary>The label, and what it is read from.</summary>
internal static class ObjectiveChecks
{
    public static void Run(Checking checking)
    {
        LabelSpec label = checking.Spec.Objective.Label;
        if (checking.Spec.Objective.Decision is not null && checking.Task is { Name: not "binary" } other)
        {
            checking.Report(checking.Places.Key("objective", "decision"), RowErrors.DecisionOfOtherTask(other.Name));
        }

        if (checking.Spec.Objective.Interval is not null && checking.Task is { Name: not ("regression" or "quantile") } task)
        {
            checking.Report(checking.Places.Key("objective", "interval"), RowErrors.IntervalOfOtherTask(task.Name));
        }

        if (checking.Spec.Objective.Treatment is { } treatment && checking.Task is not null)
        {
            CheckTreatment(treatment, label, checking);
        }

        if (checking.FindSource(label.Event, "objective", "label", "event") is { } source)
        {
            CheckEvent(label, source, checking);
        }

        if (label.Impression is { } impression
            && checking.FindSource(impression, "objective", "label", "impression") is { } shown)
        {
            CheckImpression(label, impression, shown, checking);
        }
    }

    private static void CheckTreatment(string treatment, LabelSpec label, Checking checking)
    {
        foreach (string key in ((string[])["baselines", "slices"]).Where(key => checking.Places.IsGiven("evaluation", key)))
        {
            checking.Report(checking.Places.Key("evaluation", key), RowErrors.NotReadOfUplift(key));
        }

        Yaml.Node node = checking.Places.At("objective", "treatment");
        SourceSpec? source = checking.LabelSource;
        if (!checking.Spec.IsTabular || checking.Task!.Name != LearningTask.Uplift)
        {
            checking.Report(node, RowErrors.TreatmentOfOtherTask(checking.Task!.Name));
        }
        else if (source?.Dropped.ContainsKey(treatment) == true)
        {
            checking.Report(node, RowErrors.Treatment(treatment, "dropped"));
        }
        else if (label.Columns.Contains(treatment, StringComparer.Ordinal) || label.AnyOf.Any(each => each.Column == treatment))
        {
            checking.Report(node, RowErrors.Treatment(treatment, "the outcome itself"));
        }
        else if (source?.Columns.GetValueOrDefault(treatment)?.Type is { } type
            and not (ColumnType.Flag or ColumnType.Whole or ColumnType.Number))
        {
            checking.Report(node, RowErrors.Treatment(treatment, $"of the type {type}"));
        }
    }

    private static void CheckEvent(LabelSpec label, SourceSpec source, Checking checking)
    {
        Yaml.Node node = checking.Places.At("objective", "label", "event");
        if (source.Kind == SourceKind.Table)
        {
            checking.Report(node, SpecErrors.LabelOnTable(label.Event));
            return;
        }

        if (checking.Spec.IsTabular)
        {
            CheckRows(label, source, checking);
        }
        else if (checking.Task is { IsOrdered: true } task && source.Entities.Count < 2)
        {
            checking.Report(node, SpecErrors.LabelNeedsTwo(label.Event, task.Name));
        }

        string list = checking.Places.IsGiven("objective", "label", "when") ? "when" : "any_of";
        checking.CheckConditions(label.AnyOf, label.Event, source, "objective", "label", list);
    }

    /// <summary>The label of rows that are examples: a condition or columns, as the task asks.</summary>
    private static void CheckRows(LabelSpec label, SourceSpec source, Checking checking)
    {
        Yaml.Node node = checking.Places.At("objective", "label");
        string task = checking.Task!.Name;
        bool isFaulted = label is { AnyOf: [], Columns: [] } && ((string[])["when", "any_of", "column", "columns"])
            .Any(key => checking.IsFaulted("objective", "label", key));
        bool fits = (task, label.AnyOf.Count, label.Columns.Count) switch
        {
            ("binary" or LearningTask.Uplift, > 0, 0) or ("multilabel", 0, > 0) => true,
            (not "multilabel", 0, 1) => true,
            _ => isFaulted,
        };
        if (!fits)
        {
            checking.ReportWhole(node, RowErrors.RowLabel(task));
        }

        foreach (string column in (string[])[.. label.Columns, label.Group ?? ""])
        {
            if (source.Dropped.ContainsKey(column))
            {
                checking.Report(
                    checking.Places.Key("sources", label.Event, "drop", column), RowErrors.LabelDropped(column));
            }
        }
    }

    private static void CheckImpression(LabelSpec label, string impression, SourceSpec shown, Checking checking)
    {
        Yaml.Node node = checking.Places.At("objective", "label", "impression");
        if (shown.Kind == SourceKind.Table)
        {
            checking.Report(node, SpecErrors.LabelOnTable(impression));
        }

        foreach (string entity in checking.LabelSource?.Entities ?? [])
        {
            if (!shown.Entities.Contains(entity, StringComparer.Ordinal))
            {
                checking.Report(node, SpecErrors.ImpressionEntities(impression, label.Event, entity));
            }
        }

        checking.NeedTimes("Matching impressions within a window", impression, shown, node);
        checking.NeedTimes("Matching impressions within a window", label.Event, checking.LabelSource, node);
    }
}
