using System.Text.Json.Nodes;
using Tandem.Spec.Sections;

namespace Tandem.Spec.Advice;

/// <summary>Turns what a designer says about the use of predictions into task, label, metrics, baseline, method for rare
/// positives, decision and gate.</summary>
public static class SystemAdvice
{
    /// <summary>Proposes a design.</summary>
    /// <param name="answers">What was said.</param>
    /// <param name="vocabulary">The words that designs may use.</param>
    /// <param name="onto">A file whose lines are to be changed; null for a new one.</param>
    /// <returns>The file and what was set. Sources, label, split and models of a file of the same task stay as they are.</returns>
    public static AdviceProposal Propose(AdviceAnswers answers, SpecVocabulary vocabulary, SpecFile? onto = null)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(vocabulary);
        JsonObject before = onto?.Spec is { } spec ? (JsonObject)SystemSection.Shape.Say(spec)! : [];
        SpecFile file = onto ?? SpecFile.Parse("name: my-system\n", "tandem.yaml", vocabulary);
        bool isSameTask = onto?.Spec?.Objective.Task == ValueOf("objective.task", answers)!.GetValue<string>();
        List<AdviceLine> lines = [];
        foreach (AdviceRule rule in Spoken(answers))
        {
            JsonNode? was = Find(before, rule.Path);
            bool isKept = isSameTask && was is not null
                && (rule.Path is "sources" or "objective.label" or "training.candidates" or "training.split" || rule.Path.StartsWith("model.", StringComparison.Ordinal));
            JsonNode value = rule.Value(answers);
            if (isKept || JsonNode.DeepEquals(was, value))
            {
                continue;
            }

            SpecFile next = file.With(rule.Path, value.DeepClone());
            if (onto is not null && file.Spec is not null && next.Spec is not null && next.Hash == file.Hash)
            {
                // It is a default, or said in another form; a new file says defaults too, with their reasons.
                continue;
            }

            file = next;
            lines.Add(new AdviceLine(rule.Path, value, was, rule.Reason(answers)));
        }

        return new AdviceProposal(file, lines);
    }

    private static JsonNode? ValueOf(string path, AdviceAnswers answers) =>
        Spoken(answers).First(rule => rule.Path == path).Value(answers);

    private static IEnumerable<AdviceRule> Spoken(AdviceAnswers answers) => AdviceRules.All
        .Where(rule => rule.Holds(answers)).DistinctBy(static rule => rule.Path, StringComparer.Ordinal);

    private static JsonNode? Find(JsonObject root, string path)
    {
        JsonNode? at = root;
        foreach (string step in path.Split('.'))
        {
            at = (at as JsonObject)?[step];
        }

        return at;
    }
}
