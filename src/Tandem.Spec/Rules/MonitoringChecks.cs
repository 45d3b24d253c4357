namespace Tandem.Spec.Rules;

/// <summary>Monitoring against the features.</summary>
internal static class MonitoringChecks
{
    public static void Run(Checking checking)
    {
        IReadOnlyList<string> watched = checking.Spec.Monitoring.Drift.Features;
        if (watched.Count == 0)
        {
            return;
        }

        string[] features =
        [
            .. checking.Spec.Features.SelectMany(view => view.Value.Aggregates
                .Where(aggregate => IsNumber(aggregate, view.Value, checking))
                .Select(aggregate => $"{view.Key}:{aggregate.Name}")),
        ];
        foreach (string name in watched.Where(name => !features.Contains(name, StringComparer.Ordinal)))
        {
            Yaml.Node node = checking.Places.Item(text => text == name, "monitoring", "drift", "features");
            checking.Report(node, SpecErrors.UnknownFeature(Yaml.ScalarNode.Quote(name), features));
        }
    }

    /// <summary>True unless the feature is known to hold texts.</summary>
    private static bool IsNumber(AggregateSpec aggregate, FeatureViewSpec view, Checking checking)
    {
        bool isText = aggregate.Column is not null
            && checking.Spec.Sources.TryGetValue(view.Source, out SourceSpec? source)
            && (source.Entities.Contains(aggregate.Column, StringComparer.Ordinal)
                || source.Columns.TryGetValue(aggregate.Column, out ColumnSpec? column)
                    && column.Type == ColumnType.Text);
        return !isText;
    }
}
