using System.Globalization;

namespace Tandem.Spec.Rules;

/// <summary>Serving against the data: rules read the table of the items.</summary>
internal static class ServingChecks
{
    public static void Run(Checking checking)
    {
        ServingSpec serving = checking.Spec.Serving;
        if (serving.CandidateCount < serving.Slots)
        {
            string key = checking.Places.IsGiven("serving", "candidate_count") ? "candidate_count" : "slots";
            checking.Report(
                checking.Places.At("serving", key), SpecErrors.FewCandidates(serving.CandidateCount, serving.Slots));
        }

        if (checking.LabelSource is not { Entities.Count: > 1 } events)
        {
            return;
        }

        string item = events.Entities[^1];
        for (int i = 0; i < serving.Rules.Count; i++)
        {
            CheckRule(serving.Rules[i], i.ToString(CultureInfo.InvariantCulture), item, checking);
        }
    }

    private static void CheckRule(RuleSpec rule, string index, string item, Checking checking)
    {
        if (rule.When is null && rule.Column is null)
        {
            return;
        }

        string? table = checking.Spec.Entities.GetValueOrDefault(item)?.Table;
        Yaml.Node node = checking.Places.At("serving", "rules", index, rule.Kind);
        if (table is null || !checking.Spec.Sources.TryGetValue(table, out SourceSpec? source))
        {
            checking.Report(node, SpecErrors.NoItemTable(item));
        }
        else if (rule.When is not null)
        {
            checking.CheckCondition(rule.When, table, source, node);
        }
        else
        {
            checking.FindColumn(rule.Column!, table, source, node);
        }
    }
}
