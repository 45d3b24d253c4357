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

        IReadOnlyList<string> features = checking.Features.Numbers;
        foreach (string name in watched.Where(name => !features.Contains(name, StringComparer.Ordinal)))
        {
            Yaml.Node node = checking.Places.Item(text => text == name, "monitoring", "drift", "features");
            checking.Report(node, SpecErrors.UnknownFeature(Yaml.ScalarNode.Quote(name), features));
        }
    }
}
