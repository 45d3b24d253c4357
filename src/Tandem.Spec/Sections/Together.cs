using Tandem.Spec.Grammar;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Sections;

/// <summary>Rules about two keys of one mapping.</summary>
internal static class Together
{
    /// <summary>Reports two keys that exclude each other.</summary>
    public static void Refuse(string first, string second, Node node, Reading reading)
    {
        if (node is MapNode map && map.Find(first) is { } one && map.Find(second) is { } two)
        {
            MapEntry later = one.Key.Start.Index > two.Key.Start.Index ? one : two;
            reading.Report(later.Key, SpecErrors.Exclusive(first, second, reading.Where));
        }
    }

    /// <summary>Reports a mapping that has neither of two keys.</summary>
    public static void NeedOne(string first, string second, Node node, Reading reading)
    {
        if (node is MapNode map && map.Find(first) is null && map.Find(second) is null)
        {
            reading.ReportWhole(map, SpecErrors.OneOfNeeded(first, second, reading.Where));
        }
    }
}
