using Tandem.Spec;

namespace Tandem.Serving.Pipeline;

/// <summary>Applies the business rules of tandem.yaml to the ordered candidates, in the order they are
/// written.</summary>
internal sealed class RuleStage(ItemCatalogue catalogue, IReadOnlyList<RuleSpec> rules) : IStage
{
    public string Name => "rules";

    public void Run(RequestContext context)
    {
        int before = context.CandidateCount;
        foreach (RuleSpec rule in rules)
        {
            if (rule.Kind == "max_per" && rule.Column is { } column)
            {
                LimitEach(context, column, rule.Limit);
            }
            else if (rule.Kind == "exclude" && rule.When is { } when)
            {
                Exclude(context, when);
            }
        }

        context.Note = before == context.CandidateCount ? null : $"{before - context.CandidateCount} left out";
    }

    private void LimitEach(RequestContext context, string name, int limit)
    {
        if (catalogue.Find(name) is not { } column)
        {
            return;
        }

        Dictionary<int, int> counts = [];
        Keep(context, column, code =>
        {
            int count = counts.GetValueOrDefault(code) + 1;
            counts[code] = count;
            return code < 0 || count <= limit;
        });
    }

    private void Exclude(RequestContext context, ConditionSpec when)
    {
        if (catalogue.Find(when.Column) is { } column && when.Value is string value)
        {
            int excluded = column.CodeOf(value);
            bool equal = when.Operator == "==";
            Keep(context, column, code => code < 0 || (code == excluded) != equal);
        }
    }

    private static void Keep(RequestContext context, ItemCatalogue.AttributeColumn column, Func<int, bool> keep)
    {
        ReadOnlySpan<int> byItem = column.ByItem;
        int kept = 0;
        Span<Candidate> candidates = context.Candidates;
        foreach (Candidate candidate in candidates)
        {
            int at = context.Live.ToCatalogue[candidate.Item];
            if (keep(at < byItem.Length ? byItem[at] : -1))
            {
                candidates[kept++] = candidate;
            }
        }

        context.CandidateCount = kept;
    }
}
