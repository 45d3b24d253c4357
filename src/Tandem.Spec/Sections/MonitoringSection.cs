using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary><c>monitoring</c>.</summary>
internal static class MonitoringSection
{
    private static readonly SectionShape<DriftSpec> Drift =
        new SectionShape<DriftSpec>("thresholds of data drift", () => new DriftSpec())
            .Key("features", Shapes.List(Texts.Any, "features", 0, 1000), s => s.Features,
                (s, v) => s with { Features = v },
                "Numeric features to compare, as view:feature; the empty list compares all. Leave out those of shown " +
                "items: they change with every model.")
            .Key("minimum_psi", Shapes.Number(0, 100), s => s.MinimumPsi, (s, v) => s with { MinimumPsi = v },
                "Smallest population stability index that counts as drift.")
            .Key("alpha", new NumberShape(0, 1, isOpen: true), s => s.Alpha, (s, v) => s with { Alpha = v },
                "Significance of the Kolmogorov–Smirnov test after correction over features.")
            .Key("minimum_ks", Shapes.Number(0, 1), s => s.MinimumKs, (s, v) => s with { MinimumKs = v },
                "Smallest Kolmogorov–Smirnov distance that counts as drift.")
            .Key("minimum_rows", Shapes.Whole(1, 100_000_000), s => s.MinimumRows, (s, v) => s with { MinimumRows = v },
                "Rows below which the answer is 'insufficient data'.");

    private static readonly SectionShape<ConceptSpec> Concept =
        new SectionShape<ConceptSpec>("detector, delta, minimum_rise, top_positions", () => new ConceptSpec())
            .Key("detector", new WordShape("adwin"), s => s.Detector, (s, v) => s with { Detector = v },
                "Detector over the stream of realised errors.")
            .Key("delta", new NumberShape(0, 1, isOpen: true), s => s.Delta, (s, v) => s with { Delta = v },
                "Confidence of the detector: smaller is slower and surer.")
            .Key("minimum_rise", Shapes.Number(0, 1), s => s.MinimumRise, (s, v) => s with { MinimumRise = v },
                "Smallest rise of the error rate that alarms: a model that ages errs a little more by the day.")
            .Key("top_positions", Shapes.Whole(1, 1000), s => s.TopPositions, (s, v) => s with { TopPositions = v },
                "An error is a chosen item that was not ranked among this many.");

    public static readonly SectionShape<MonitoringSpec> Shape =
        new SectionShape<MonitoringSpec>("what is watched", () => new MonitoringSpec())
            .Key("drift", Drift, s => s.Drift, (s, v) => s with { Drift = v },
                "Data drift: features today against the training set.")
            .Key("concept", Concept, s => s.Concept, (s, v) => s with { Concept = v },
                "Concept drift: the stream of realised errors.")
            .Key("freshness", Shapes.Window, s => s.Freshness, (s, v) => s with { Freshness = v },
                "Alert where no event arrived for this long.")
            .Key("alerts", Shapes.List(Texts.AlertTarget, "targets", 1, 20), s => s.Alerts,
                (s, v) => s with { Alerts = v },
                "Where alerts go: log, or webhook addresses.")
            .Key("retrain", Shapes.Flag, s => s.Retrain, (s, v) => s with { Retrain = v },
                "True to start a training run on drift.")
            .Key("retrain_at_most", Shapes.Duration(TimeSpan.FromMinutes(1)), s => s.RetrainAtMost,
                (s, v) => s with { RetrainAtMost = v },
                "At most one run started by drift in this time.");
}
