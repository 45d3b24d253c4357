using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary><c>training</c>.</summary>
internal static class TrainingSection
{
    private static readonly Shape<string> By = new WordShape(
        SplitSpec.LeaveLastOut, SplitSpec.Time, SplitSpec.Files, SplitSpec.Random, SplitSpec.Groups);

    private static readonly SectionShape<SplitSpec> Split =
        new SectionShape<SplitSpec>("by, test, gap, share, folds, repeats", () => new SplitSpec())
            .Key("by", By, s => s.By, (s, v) => s with { By = v },
                "How test rows are chosen: each user's last (leave-last-out), the newest (time), or a file of their " +
                "own (files). Where each row is an example also at random, each class by its share (random), or whole " +
                "groups (groups); unless given: groups where label.group is, else time where the source has times, else " +
                "random.")
            .Key("test", Shapes.Window, s => s.Test, (s, v) => s with { Test = v },
                "For time: length of the test window at the end.")
            .Key("gap", Shapes.Duration(TimeSpan.Zero), s => s.Gap, (s, v) => s with { Gap = v },
                "For time: length of the window before it that nobody sees, so that late labels cannot leak.")
            .Key("share", Shapes.Number(0.01, 0.99).OrNone(), s => s.Share, (s, v) => s with { Share = v },
                "Where each row is an example: share of the rows, or groups, that judge; 0.2 unless given. For time the " +
                "newest: in a source without times the last ones.")
            .Key("folds", Shapes.Whole(2, 100).OrNone(), s => s.Folds, (s, v) => s with { Folds = v },
                "For random and groups: so many parts judge in turn. Unless given: 5 by groups, and one part at random.")
            .Key("repeats", Shapes.Whole(1, 100), s => s.Repeats, (s, v) => s with { Repeats = v },
                "For random and groups: how often rows are drawn anew; figures are means.")
            .Shorthand(By, (s, v) => s with { By = v }, s => s.By)
            .Check((_, node, reading) =>
            {
                Together.Refuse("share", "folds", node, reading);
                Together.Refuse("share", "test", node, reading);
            });

    private static readonly SectionShape<SearchSpec> Search =
        new SectionShape<SearchSpec>("trials, halving, budget, metric", () => new SearchSpec())
            .Key("trials", Shapes.Whole(2, 1000), s => s.Trials, (s, v) => s with { Trials = v },
                "Settings to begin with, over all candidates.")
            .Key("halving", Shapes.Whole(2, 10), s => s.Halving, (s, v) => s with { Halving = v },
                "Of so many settings one goes on to the next round, with so many times the users.")
            .Key("budget", Shapes.Window, s => s.Budget, (s, v) => s with { Budget = v },
                "Time after which no more settings are tried.")
            .Key("metric", Words.Metric.OrNothing(), s => s.Metric, (s, v) => s with { Metric = v },
                "What is maximised. Without it: the gate's metric, or the first of evaluation.metrics where the gate " +
                "looks at shown lists.");

    public static readonly SectionShape<TrainingSpec> Shape =
        new SectionShape<TrainingSpec>("how and when models are fitted", () => new TrainingSpec())
            .Key("window", Shapes.Window.OrNone(), s => s.Window, (s, v) => s with { Window = v },
                "How far back training data reaches. Without it: all of it.")
            .Key("cadence", Shapes.Duration(TimeSpan.FromMinutes(1)).OrNone(), s => s.Cadence,
                (s, v) => s with { Cadence = v },
                "How often a scheduled run starts. Without it: on demand, and on drift.")
            .Key("streaming", Shapes.Flag, s => s.Streaming, (s, v) => s with { Streaming = v },
                "True to update the model from the stream between runs.")
            .Key("warm_start", Shapes.Flag, s => s.WarmStart, (s, v) => s with { WarmStart = v },
                "True to go on from the champion's parameters, with a quarter of the passes, where it is of the same kind and " +
                "sizes and saw nothing of the test window; else models are fitted anew.")
            .Key("imbalance", Words.Imbalance, s => s.Imbalance, (s, v) => s with { Imbalance = v },
                "What is done about rare positives before a model that reads features is fitted; whatever it is, scores stay " +
                "probabilities of the rows as they were. Rows that judge are never touched.")
            .Key("calibration", new WordShape("auto", "none", "platt", "isotonic", "temperature", "beta"), s => s.Calibration,
                (s, v) => s with { Calibration = v },
                "For the tasks binary and multiclass: how scores become probabilities that happen as often as they say. auto takes " +
                "the best map where one helps on splits of the training rows, and says why; multiclass takes temperature " +
                "alone.")
            .Key("split", Split, s => s.Split, (s, v) => s with { Split = v },
                "How rows are divided into what models see and what judges them.")
            .Key("most_alone", Shapes.Number(0.5, 1), s => s.MostAlone, (s, v) => s with { MostAlone = v },
                "Area under the curve that no feature may exceed alone: more is taken for a leak, and training stops. " +
                "1 lets everything pass.")
            .Key("seed", new WholeShape<ulong>(0, ulong.MaxValue), s => s.Seed, (s, v) => s with { Seed = v },
                "Seed of everything random.")
            .Key("candidates", Shapes.List(Words.Candidate, "models", 0, 20), s => s.Candidates,
                (s, v) => s with { Candidates = v },
                "Other models to fit and compare with model.retrieve or model.predict; the best is registered. A setting may be a list of " +
                "values or {from, to, scale}: then settings are searched.")
            .Key("search", Search, s => s.Search, (s, v) => s with { Search = v },
                "How settings are searched where candidates give ranges.");
}
