using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary><c>requirements</c>.</summary>
internal static class RequirementsSection
{
    public static readonly SectionShape<RequirementsSpec> Shape =
        new SectionShape<RequirementsSpec>("what the system must reach", () => new RequirementsSpec())
            .Key("p99_ms", new NumberShape(0, 600_000, isOpen: true).OrNone(), s => s.P99Milliseconds,
                (s, v) => s with { P99Milliseconds = v }, "99th percentile of answer time, in milliseconds.")
            .Key("requests_per_second", new NumberShape(0, 10_000_000, isOpen: true).OrNone(), s => s.RequestsPerSecond,
                (s, v) => s with { RequestsPerSecond = v }, "Requests per second to answer within p99_ms.")
            .Key("items", new WholeShape<long>(1, 10_000_000_000).OrNone(), s => s.Items,
                (s, v) => s with { Items = v },
                "Catalogue size to hold.")
            .Key("freshness", Shapes.Window.OrNone(), s => s.Freshness, (s, v) => s with { Freshness = v },
                "Longest time from an event to its effect on answers.")
            .Key("floors", Shapes.Map(Words.Metric, new NumberShape(), "metric: smallest value"), s => s.Floors,
                (s, v) => s with { Floors = v }, "Smallest allowed value by metric, such as ndcg@10: 0.05.");
}
