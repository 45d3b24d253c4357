using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary><c>evaluation</c>.</summary>
internal static class EvaluationSection
{
    private static readonly SectionShape<GateSpec> Gate =
        new SectionShape<GateSpec>("metric, minimum_gain, beats", () => new GateSpec())
            .Key("metric", Words.Metric, s => s.Metric, (s, v) => s with { Metric = v },
                "Metric that decides; one of evaluation.metrics. Unless given: ndcg@20 where it is measured, or else " +
                "the first of them.")
            .Key("minimum_gain", Shapes.Number(-1, 10), s => s.MinimumGain, (s, v) => s with { MinimumGain = v },
                "Relative gain over the champion that is asked for, on the same newest window: 0.01 is one per cent.")
            .Key("beats", Words.ModelKindOrNone, s => s.Beats, (s, v) => s with { Beats = v },
                "Baseline that must be beaten where there is no champion, or none.");

    public static readonly SectionShape<EvaluationSpec> Shape =
        new SectionShape<EvaluationSpec>("how models are judged", () => new EvaluationSpec())
            .Key("metrics", Shapes.List(Words.Metric, "metrics", 1, 50), s => s.Metrics,
                (s, v) => s with { Metrics = v },
                "What is measured. The default shown is that of retrieval and ranking; other tasks have their own.")
            .Key("baselines", Shapes.List(Words.AnyModelKind, "model kinds", 0, 20), s => s.Baselines,
                (s, v) => s with { Baselines = v },
                "Model kinds that a candidate is shown against.")
            .Key("slices", Shapes.List(Texts.Name, "slices", 0, 50), s => s.Slices, (s, v) => s with { Slices = v },
                "Groups to report one by one: new_users, returning_users, new_items, popular_items, tail_items, or a " +
                "column.")
            .Key("imported", Shapes.Map(Texts.Name, Texts.Any, "name: file"), s => s.Imported,
                (s, v) => s with { Imported = v },
                "Where each row is an example: models that LightGBM (text) or XGBoost (.json) saved, judged beside those of the " +
                "design; features are matched by name.")
            .Key("bootstrap_samples", Shapes.Whole(0, 10_000), s => s.BootstrapSamples,
                (s, v) => s with { BootstrapSamples = v },
                "Resamples behind each interval; 0 leaves intervals out.")
            .Key("gate", Gate, s => s.Gate, (s, v) => s with { Gate = v },
                "What a new version must reach to be promoted.");
}
