using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary><c>serving</c>.</summary>
internal static class ServingSection
{
    /// <summary>A rule that leaves items out.</summary>
    public const string Exclude = "exclude";

    /// <summary>A rule that limits items of one kind.</summary>
    public const string MaxPer = "max_per";

    private static readonly SectionShape<RuleSpec> Rule =
        new SectionShape<RuleSpec>("exclude, or max_per and limit", () => new RuleSpec { Kind = "" })
            .Key(Exclude, Words.Condition.OrNothing(), s => s.When, (s, v) => s with { Kind = Exclude, When = v },
                "Leaves out items for which this condition on the item table holds.")
            .Key(MaxPer, Texts.Name.OrNothing(), s => s.Column, (s, v) => s with { Kind = MaxPer, Column = v },
                "Column of the item table of whose every value an answer holds at most 'limit' items.")
            .Key("limit", Shapes.Whole(1, 1000), s => s.Limit, (s, v) => s with { Limit = v },
                "For max_per: how many items of one value.")
            .Check((_, node, reading) =>
            {
                Together.Refuse(Exclude, MaxPer, node, reading);
                Together.Refuse(Exclude, "limit", node, reading);
                Together.NeedOne(Exclude, MaxPer, node, reading);
            });

    private static readonly SectionShape<IndexSpec> Index =
        new SectionShape<IndexSpec>("kind and recall", () => new IndexSpec())
            .Key("kind", new WordShape("auto", "exact", "int8", "ivf", "hnsw"), s => s.Kind,
                (s, v) => s with { Kind = v },
                "How items are found: auto scores all of up to 50,000, and takes int8 or ivf above.")
            .Key("recall", Shapes.Number(0.5, 1), s => s.Recall, (s, v) => s with { Recall = v },
                "Share of the true best candidates that is to be found; the effort of a search is set by it.");

    public static readonly SectionShape<ServingSpec> Shape =
        new SectionShape<ServingSpec>("how requests are answered", () => new ServingSpec())
            .Key("slots", Shapes.Whole(1, 1000), s => s.Slots, (s, v) => s with { Slots = v },
                "Items in an answer unless the request says otherwise.")
            .Key("candidate_count", Shapes.Whole(1, 10_000), s => s.CandidateCount,
                (s, v) => s with { CandidateCount = v },
                "Candidates that retrieval hands on; at least slots.")
            .Key("index", Index, s => s.Index, (s, v) => s with { Index = v },
                "How candidates are found among many items, by models whose scores are products of vectors.")
            .Key("exclude_seen", Shapes.Flag, s => s.ExcludeSeen, (s, v) => s with { ExcludeSeen = v },
                "True to leave out what the user already met.")
            .Key("history_length", Shapes.Whole(1, 1000), s => s.HistoryLength, (s, v) => s with { HistoryLength = v },
                "Last actions of the user that a request is scored from.")
            .Key("exploration", Shapes.Number(0, 1), s => s.Exploration, (s, v) => s with { Exploration = v },
                "Share of slots filled by chance, so that the log can judge models that were not serving. Above 0, a "
                + "toss also decides which of each pair of neighbours (1-2, 3-4, ...) stands first.")
            .Key("fallback", Words.ModelKindOrNone, s => s.Fallback, (s, v) => s with { Fallback = v },
                "Model kind that answers where the champion has nothing, or none.")
            .Key("rules", Shapes.List(Rule, "rules", 0, 100), s => s.Rules, (s, v) => s with { Rules = v },
                "Business rules over the answer, applied last and in order.")
            .Key("rollout", new WordShape("immediate", "shadow", "canary"), s => s.Rollout,
                (s, v) => s with { Rollout = v },
                "How a promoted version takes over: at once, answering unseen beside the champion, or for a growing " +
                "share.");
}
