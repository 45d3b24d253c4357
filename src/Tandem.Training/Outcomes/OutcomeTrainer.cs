using System.Diagnostics;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Spec;
using Tandem.Training.Ranking;
using Tandem.Training.Search;
using Tandem.Training.Tables;

namespace Tandem.Training.Outcomes;

/// <summary>Fits and judges models that predict what becomes of an impression, on impressions with mature labels and
/// features as of their moments: the earlier rows teach, the later ones judge.</summary>
internal sealed class OutcomeTrainer(
    SystemSpec spec, string folder, IReadOnlyList<FeatureView> views, ModelCatalogue catalogue,
    EvaluationOptions options, Func<string, FitContext> contexts, ModelSearch search)
{
    // The baseline: it says the share of positives, whatever the features.
    private const string Constant = "constant";

    private const string ChampionName = "champion";

    private static readonly ModelChoiceSpec Default = new() { Kind = "logistic" };

    private readonly string _metric = spec.Evaluation.Gate.Metric;
    private readonly RowFitting _fitting = new(RarePositives.Of(spec), spec.Training.Calibration);

    /// <summary>Fits and judges.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="set">Impressions with mature labels.</param>
    /// <param name="request">What they were asked for by.</param>
    /// <param name="features">Their features.</param>
    /// <param name="champion">The version that serves; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">TRN005: nothing to learn from, or nothing to judge on.</exception>
    public async Task<OutcomeTrial> RunAsync(
        LakeSnapshot snapshot, LabelledSet set, LabelledSetRequest request, FeatureSet features, Champion? champion,
        CancellationToken cancellationToken)
    {
        SetRows rows = await ReadAsync(snapshot, set, views, LabelledSet.TextsOf(spec, views), cancellationToken)
            .ConfigureAwait(false);
        int[] train = rows.Part(LabelledSet.TrainPart);
        int[] test = rows.Part(LabelledSet.TestPart);
        if (!rows.HasBothClasses(train) || !rows.HasBothClasses(test))
        {
            throw TrainingErrors.EmptyTest(spec.Training.Split.By);
        }

        OutcomeFold fold = new(rows, train, test, spec.Encoders, folder);
        List<OutcomeContender> contenders = [Fit(new ModelChoiceSpec { Kind = Constant }, [], fold, cancellationToken) with { Choice = null }];
        (IReadOnlyList<(string? Name, ModelChoiceSpec Choice)> choices, SearchReport? searched) =
            await ChooseAsync(rows, train, cancellationToken).ConfigureAwait(false);
        foreach ((string? name, ModelChoiceSpec choice) in choices)
        {
            OutcomeContender judged = Fit(choice, contenders, fold, cancellationToken, name);

            // Of what was searched, validation rows have picked: choosing by the test would make its figure too good.
            contenders.Add(searched is null || name == searched.Picked ? judged : judged with { Choice = null });
        }

        if (champion?.Rank is { } served)
        {
            // The same rows in the same order, with the features as they were defined for it.
            LabelledSet own = served.Reads(set, views)
                ? set
                : (await LabelledSet.BuildAsync(
                    snapshot, spec, served.Features, request, cancellationToken: cancellationToken)
                    .ConfigureAwait(false))!;
            SetRows theirs = await ReadAsync(snapshot, own, served.Views, served.Encoders.Texts, cancellationToken)
                .ConfigureAwait(false);
            float[] all = theirs.Score(served);
            contenders.Add(Judge(ChampionName, [.. test.Select(row => all[row])], fold, cancellationToken));
        }

        OutcomeContender best = contenders.Where(static each => each.Choice is not null)
            .MaxBy(each => Better * each.Evaluation.Metrics.GetValueOrDefault(_metric, double.NegativeInfinity * Better))!;
        DecisionReport? decision = DecisionOf(best.Scores, PartsOf(rows, test), cancellationToken);
        GateVerdict verdict = Decide(best, contenders, champion, cancellationToken).Under(decision, spec.Objective.Decision?.Floor);
        (RowModel model, BaseRates fitted) = FitOnAll(best, rows, features, cancellationToken);
        return new OutcomeTrial(
            Conclude(contenders, train.Length, cancellationToken),
            Describe(best, fold, fitted, verdict, cancellationToken) with { Decision = decision }, verdict, model, best.Choice!.Parameters)
        {
            Search = searched,
        };
    }

    /// <summary>The model of the file and its rivals; or, where a rival gives ranges, what a search brought to its last
    /// round.</summary>
    private async Task<(IReadOnlyList<(string? Name, ModelChoiceSpec Choice)> Choices, SearchReport? Report)> ChooseAsync(
        SetRows rows, int[] train, CancellationToken cancellationToken)
    {
        ModelChoiceSpec[] candidates = [spec.Model.Predict ?? Default, .. spec.Training.Candidates];
        if (!ModelSearch.IsNeeded(spec))
        {
            return ([.. candidates.Select(static choice => ((string?)null, choice))], null);
        }

        RowGround<OutcomeFold> ground = new(
            spec.Training.Split.By, [Validation(rows, train)], RowTarget.Binary, rows.Labels, [],
            part => new OutcomeFold(rows, part.Train, part.Test, spec.Encoders, folder), Score)
        {
            Metric = spec.Training.Search.Metric ?? _metric,
            Judging = options,
            Values = rows.ForEncoders(train).Values,
        };
        (SearchReport report, IReadOnlyList<(string Name, ModelChoiceSpec Choice)> finalists) =
            await search.RunAsync(candidates, ground, cancellationToken).ConfigureAwait(false);
        return ([.. finalists.Select(static each => ((string?)each.Name, each.Choice))], report);

        RowScores Score(ModelChoiceSpec choice, IReadOnlyList<OutcomeFold> parts, string step, CancellationToken stop)
        {
            RowModelKind kind = catalogue.FindRows(choice.Kind);
            FitContext context = contexts(step);
            IRowScorer scorer = Fit(kind, choice, parts[0], context, stop).Scorer;
            context.Progress?.Report(1);
            return parts[0].Scores(RowScores.Of(scorer, parts[0].Later(kind.TakesMissing)).Values);
        }
    }

    /// <summary>Takes validation rows out of the rows to learn from, as the test rows were taken out of all: by
    /// time.</summary>
    private RowFold Validation(SetRows rows, int[] train)
    {
        SplitSpec split = spec.Training.Split;
        long start = train.Max(row => rows.Times[row]) + 1 - (long)split.Test.TotalMicroseconds;
        long end = start - (long)split.Gap.TotalMicroseconds;
        RowFold fold = new(
            [.. train.Where(row => rows.Times[row] < end)], [.. train.Where(row => rows.Times[row] >= start)]);
        return rows.HasBothClasses(fold.Train) && rows.HasBothClasses(fold.Test)
            ? fold
            : throw TrainingErrors.NothingToSearchOn(split.By);
    }

    /// <summary>1 where more of the gate's metric is better, else -1.</summary>
    private double Better => RowEvaluation.Find(_metric, RowTargetKind.Binary).LowerIsBetter ? -1 : 1;

    private async Task<SetRows> ReadAsync(
        LakeSnapshot snapshot, LabelledSet set, IReadOnlyList<FeatureView> own, IReadOnlyList<string> texts,
        CancellationToken cancellationToken) => new(
        set, await SetRows.TextsAsync(snapshot, set, own, texts, cancellationToken).ConfigureAwait(false),
        retrieval: null, spec.Objective.Label.Window);

    private OutcomeContender Fit(
        ModelChoiceSpec choice, List<OutcomeContender> before, OutcomeFold fold, CancellationToken cancellationToken,
        string? searchedAs = null)
    {
        string name = searchedAs ?? ContenderName.Next(choice.Kind, before.Select(static each => each.Evaluation.Name));
        long stamp = Stopwatch.GetTimestamp();
        RowModelKind kind = catalogue.FindRows(choice.Kind);
        FitContext context = contexts($"fit {name}");
        (IRowScorer scorer, _, CalibrationReport? calibration) = Fit(kind, choice, fold, context, cancellationToken);
        context.Progress?.Report(1);
        OutcomeContender judged = Judge(
            name, RowScores.Of(scorer, fold.Later(kind.TakesMissing)).Values, fold, cancellationToken);
        return judged with
        {
            Choice = choice,
            Scorer = scorer,
            Calibration = calibration,
            Evaluation = judged.Evaluation with { Seconds = Stopwatch.GetElapsedTime(stamp).TotalSeconds },
        };
    }

    /// <summary>Fits on the earlier rows, as the design says. What says the same of every row gains nothing from other rows or
    /// a map, and knows no other loss.</summary>
    private (IRowScorer Scorer, BaseRates Rates, CalibrationReport? Calibration) Fit(
        RowModelKind kind, ModelChoiceSpec choice, OutcomeFold fold, FitContext context, CancellationToken cancellationToken) =>
        (choice.Kind == Constant ? RowFitting.Plain : _fitting).Fit(
            kind, RowDirections.Of(fold.Earlier(kind.TakesMissing), choice, fold.Encoders(kind.TakesMissing)),
            choice.Parameters, context, cancellationToken);

    private OutcomeContender Judge(string name, float[] scores, OutcomeFold fold, CancellationToken cancellationToken)
    {
        RowScores judged = fold.Scores(scores);
        return new OutcomeContender(
            RowEvaluation.Run(name, judged, options, cancellationToken: cancellationToken), judged);
    }

    /// <summary>Lets the gate decide: against the champion on the same rows, or, where there is none, the base
    /// rate.</summary>
    private GateVerdict Decide(
        OutcomeContender best, List<OutcomeContender> contenders, Champion? champion, CancellationToken cancellationToken)
    {
        OutcomeContender against = contenders.Find(static each => each.Evaluation.Name == ChampionName) ?? contenders[0];
        string name = against == contenders[0] ? Constant : champion!.Name;
        return PromotionGate.Decide(
            spec.Evaluation.Gate, name, "impressions",
            RowEvaluation.Compare(against.Scores, best.Scores, _metric, options.Paired, cancellationToken));
    }

    private RankReport Describe(
        OutcomeContender best, OutcomeFold fold, BaseRates fitted, GateVerdict verdict,
        CancellationToken cancellationToken)
    {
        bool takesMissing = catalogue.FindRows(best.Choice!.Kind).TakesMissing;
        FeatureEncoders encoders = fold.Encoders(takesMissing);
        LabelledRows later = fold.Later(takesMissing);
        return new RankReport(best.Choice.Kind, true, verdict.Reason)
        {
            TrainRows = fold.TrainRows,
            TestRows = later.Count,
            Rates = fitted,
            Ranked = best.Evaluation,
            Calibration = best.Calibration,
            Importance =
            [
                .. Importance.Measure(
                    best.Scorer!, later, encoders.Features, encoders.FeatureOfDense, encoders.FeatureOfSparse,
                    contexts("measure importance"), cancellationToken)
                    .OrderByDescending(static each => each.Permutation),
            ],
        };
    }

    /// <summary>The rule that the design asks for, and what it would have cost on the later rows. Where these rows chose its
    /// threshold, new ones will cost a little more.</summary>
    private DecisionReport? DecisionOf(
        RowScores later, IReadOnlyList<RowSlice> parts, CancellationToken cancellationToken)
    {
        if (spec.Objective.Decision is not { } decision)
        {
            return null;
        }

        DecisionCosts costs = new(spec.Objective.FalsePositiveCost, spec.Objective.FalseNegativeCost);
        DecisionRule rule = decision switch
        {
            { Threshold: { } threshold } => new DecisionRule("threshold", threshold),
            { DailyCapacity: { } capacity } => DecisionRule.ByCapacity(later, spec.Training.Split.Test.TotalDays, capacity),
            { By: DecisionSpec.ObservedCost } => DecisionRule.ByObservedCost(later, costs),
            _ => DecisionRule.ByCost(costs),
        };
        if (decision.Abstain is [double from, double to])
        {
            rule = rule with { AbstainFrom = from, AbstainTo = to };
        }

        return Decisions.Judge(
            rule, later, costs, options.Paired, parts, decision.Floor?.Recall ?? 0, cancellationToken);
    }

    /// <summary>The parts of the later rows to each of which the decision owes its share; none where it owes nothing.</summary>
    private IReadOnlyList<RowSlice> PartsOf(SetRows rows, int[] test) => spec.Objective.Decision?.Floor is not { } floor
        ? []
        : rows.ValuesOf(floor.By, test) is { } values
        ? TableFigures.SlicesOf(floor.By, values)
        : throw TrainingErrors.NoFloor(floor.By, rows.Features);

    private EvaluationResult Conclude(
        List<OutcomeContender> contenders, int trainRows, CancellationToken cancellationToken) => new(
        RowEvaluation.Describe(
            contenders[0].Scores, spec.Training.Split.By, spec.Objective.Task, trainRows, options),
        [.. contenders.Select(static each => each.Evaluation)])
        {
            Differences = RowEvaluation.CompareWithBest(
                [.. contenders.Select(static each => (each.Evaluation.Name, each.Scores))], _metric, options,
                cancellationToken),
        };

    private (RowModel Model, BaseRates Fitted) FitOnAll(
        OutcomeContender best, SetRows rows, FeatureSet features, CancellationToken cancellationToken)
    {
        RowModelKind kind = catalogue.FindRows(best.Choice!.Kind);
        OutcomeFold fold = new(rows, [.. Enumerable.Range(0, rows.Count)], [], spec.Encoders, folder);
        FitContext context = contexts($"fit {best.Evaluation.Name} on everything");
        (IRowScorer scorer, BaseRates fitted, _) = Fit(kind, best.Choice, fold, context, cancellationToken);
        context.Progress?.Report(1);
        return (new RowModel(features, views, fold.Encoders(kind.TakesMissing), scorer), fitted);
    }
}
