using System.Globalization;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Spec;

namespace Tandem.Training.Ranking;

/// <summary>Fits and judges the model that orders candidates, on impressions with mature labels, features as of their
/// moments, and the score of a retrieval model that had seen nothing of them.</summary>
internal sealed class RankTrainer(
    SystemSpec spec, string folder, IReadOnlyList<FeatureView> views, ModelCatalogue catalogue,
    EvaluationOptions options, FitContext context)
{
    // Rows of the test window whose features are read to judge whole pipelines: whole requests.
    private const int JudgedRows = 20_000;

    private readonly ModelChoiceSpec _choice = spec.Model.Rank!;

    /// <summary>Fits and judges.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="set">Impressions with mature labels, or null where there are none.</param>
    /// <param name="features">Their features.</param>
    /// <param name="data">The interactions of the run.</param>
    /// <param name="now">The run's moment.</param>
    /// <param name="best">The retrieval model that won, with a scorer that saw nothing of the test window.</param>
    /// <param name="reference">The champion, or the baseline; null for neither.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RankOutcome> RunAsync(
        LakeSnapshot snapshot, LabelledSet? set, FeatureSet features, TrainingData data, DateTimeOffset now,
        Contender best, RankReference? reference, CancellationToken cancellationToken)
    {
        if (set is null || set.Requests.Count == 0)
        {
            return Nothing("no impression with a request has a mature label");
        }

        (Interactions before, FeatureEncoders? users) =
            await data.BeforeAsync(set.From, now, cancellationToken).ConfigureAwait(false);
        if (before.Count == 0)
        {
            return Nothing("nobody chose anything before the impressions to learn from");
        }

        IItemScorer earlier = best.Kind.Fit(before, best.Parameters, Quiet, cancellationToken);
        IReadOnlyList<string> names = LabelledSet.TextsOf(spec, views);
        SetRows rows = new(
            set, await SetRows.TextsAsync(snapshot, set, views, names, cancellationToken).ConfigureAwait(false),
            await ScoreAsync(earlier, users, set, data, now, cancellationToken).ConfigureAwait(false),
            spec.Objective.Label.Window);
        int[] train = rows.Part(LabelledSet.TrainPart);
        int[] test = rows.Part(LabelledSet.TestPart);
        if (!rows.HasBothClasses(train) || !rows.HasBothClasses(test))
        {
            return Nothing("its impressions to learn from, or to judge on, are all chosen or all passed over");
        }

        RowModel judged = Fit(rows, features, train, out LabelledRows encoded, out BaseRates rates, cancellationToken);
        RankReport report = Judge(judged, rows, encoded, train, test, cancellationToken) with { Rates = rates };
        LabelledSet? shown = await BuildShownAsync(snapshot, features, data, now, cancellationToken)
            .ConfigureAwait(false);
        if (shown is null || shown.Requests.Count == 0)
        {
            return Nothing("nothing was shown in the test window");
        }

        SetRows judgedRows = new(
            shown, await SetRows.TextsAsync(snapshot, shown, views, names, cancellationToken).ConfigureAwait(false),
            await ScoreAsync(best.Scorer, data.Judged?.Users, shown, data, now, cancellationToken).ConfigureAwait(false),
            spec.Objective.Label.Window);
        (ShownLists lists, int[] places) = judgedRows.ToLists();
        Judgement? retrieval = JudgeShown(best.Name, [.. judgedRows.Retrieval], lists, places);
        Judgement? ranked = JudgeShown($"{best.Name} + {_choice.Kind}", judgedRows.Score(judged), lists, places);
        if (retrieval is null || ranked is null)
        {
            return Nothing("no list of the test window has both chosen and passed-over items");
        }

        report = Decide(report, Evaluation.Compare(retrieval, ranked, Evaluation.ShownAuc, options.Paired, cancellationToken));
        Judgement? other = reference is null
            ? null
            : await JudgeReferenceAsync(
                snapshot, reference, views, shown, data, now, lists, places, cancellationToken)
                .ConfigureAwait(false);
        RowModel? final = report.IsKept
            ? Fit(rows, features, [.. Enumerable.Range(0, rows.Count)], out _, out _, cancellationToken)
            : null;
        context.Progress?.Report(1);
        return new RankOutcome(report, final, report.IsKept ? ranked : retrieval, other);
    }

    private FitContext Quiet => context with { Progress = null };

    private EvaluationOptions Figures =>
        options with { Metrics = ["log_loss", "normalised_entropy", "roc_auc"], BootstrapSamples = 0 };

    private RankOutcome Nothing(string why) =>
        new(new RankReport(_choice.Kind, false, $"The order of retrieval stays: {why}."), null, null, null);

    private async Task<float[]> ScoreAsync(
        IItemScorer scorer, FeatureEncoders? users, LabelledSet set, TrainingData data, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        Spine spine = set.Set.Spine;
        AttributeRows known = users is null
            ? AttributeRows.None
            : await data.Features!.UsersAtAsync(users, spine.Ids[0], spine.Times, now, cancellationToken)
                .ConfigureAwait(false);
        return RetrievalScores.Of(
            scorer, data, now, set, known, spec.Serving.HistoryLength, options.ThreadCount, cancellationToken);
    }

    private RowModel Fit(
        SetRows rows, FeatureSet features, int[] training, out LabelledRows encoded, out BaseRates rates,
        CancellationToken cancellationToken)
    {
        (FeatureEncoders encoders, EncodedRows all) = FeatureEncoders.Fit(
            rows.ForEncoders(training), spec.Encoders, folder, catalogue.FindRows(_choice.Kind).TakesMissing);
        encoded = rows.Join(encoders, all);
        (IRowScorer scorer, rates) = RarePositives.Of(spec).Fit(
            catalogue.FindRows(_choice.Kind), RowDirections.Of(encoded.Take(training), _choice, encoders),
            _choice.Parameters, Quiet, cancellationToken);
        return new RowModel(features, views, encoders, scorer);
    }

    /// <summary>Judges on the later rows, beside the score of retrieval alone, calibrated on the same earlier
    /// ones.</summary>
    private RankReport Judge(
        RowModel model, SetRows rows, LabelledRows encoded, int[] train, int[] test,
        CancellationToken cancellationToken)
    {
        LabelledRows later = encoded.Take(test);
        float[] ranked = new float[test.Length];
        model.Scorer.ScoreRows(later.Features, ranked);

        (FeatureEncoders encoders, EncodedRows alone) = FeatureEncoders.Fit(
            rows.ForEncoders(train, isRetrievalAlone: true),
            new Dictionary<string, EncoderSpec>(StringComparer.Ordinal));
        LabelledRows calibrated = rows.Join(encoders, alone);
        IRowScorer platt = catalogue.FindRows("logistic").Fit(
            calibrated.Take(train), new Dictionary<string, double>(StringComparer.Ordinal), Quiet, cancellationToken);
        float[] retrieval = new float[test.Length];
        platt.ScoreRows(calibrated.Take(test).Features, retrieval);

        int[] users = rows.Users();
        EntityIndex laterUsers = new();
        int[] owners =
        [
            .. test.Select(row => laterUsers.FindOrAdd(users[row].ToString(CultureInfo.InvariantCulture))),
        ];
        RowScores rankedScores = new() { Values = ranked, Labels = later.Labels, Groups = owners };
        RowScores retrievalScores = rankedScores with { Values = retrieval };
        return new RankReport(_choice.Kind, false, "")
        {
            TrainRows = train.Length,
            TestRows = test.Length,
            Ranked = RowEvaluation.Run(_choice.Kind, rankedScores, Figures, null, cancellationToken),
            Retrieval = RowEvaluation.Run("retrieval, calibrated", retrievalScores, Figures, null, cancellationToken),
            LogLoss = RowEvaluation.Compare(retrievalScores, rankedScores, "log_loss", options.Paired, cancellationToken),
            Importance =
            [
                .. Importance.Measure(
                    model.Scorer, later, model.Encoders.Features, model.Encoders.FeatureOfDense,
                    model.Encoders.FeatureOfSparse, Quiet, cancellationToken)
                    .OrderByDescending(static each => each.Permutation),
            ],
        };
    }

    /// <summary>Keeps what rows show to be better and lists do not show to be worse: lists of a short window are few, and say
    /// little by themselves.</summary>
    private static RankReport Decide(RankReport report, MetricComparison shown)
    {
        MetricComparison loss = report.LogLoss!;
        bool isKept = loss.High < 0 && shown.High >= 0;
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{Evaluation.ShownAuc} {shown.Challenger:F4} against {shown.Champion:F4} of the order of retrieval on the " +
            $"same lists; difference {shown.Difference:+0.0000;-0.0000;0.0000}, 95 % interval " +
            $"{shown.Low:+0.0000;-0.0000;0.0000} to {shown.High:+0.0000;-0.0000;0.0000}; " +
            $"log-loss {loss.Challenger:F4} against {loss.Champion:F4}, interval {loss.Low:+0.0000;-0.0000;0.0000} to " +
            $"{loss.High:+0.0000;-0.0000;0.0000}");
        return report with
        {
            Shown = shown,
            IsKept = isKept,
            Reason = isKept ? reason : $"The order of retrieval stays: {reason}.",
        };
    }

    private Judgement? JudgeShown(string name, float[] scoresOfRows, ShownLists lists, int[] places)
    {
        float[] scores =
        [
            .. places.Select(row => float.IsNaN(scoresOfRows[row]) ? float.NegativeInfinity : scoresOfRows[row]),
        ];
        return Evaluation.JudgeShown(name, scores, lists, options);
    }

    /// <summary>Judges the champion, or the baseline, on the same lists: as it serves, with its own features.</summary>
    private async Task<Judgement?> JudgeReferenceAsync(
        LakeSnapshot snapshot, RankReference reference, IReadOnlyList<FeatureView> present, LabelledSet shown,
        TrainingData data, DateTimeOffset now, ShownLists lists, int[] places, CancellationToken cancellationToken)
    {
        float[] retrieval = await ScoreAsync(
            reference.Scorer, data.Judged?.Users, shown, data, now, cancellationToken).ConfigureAwait(false);
        if (reference.Rank is not { } rank)
        {
            return JudgeShown(reference.Name, retrieval, lists, places);
        }

        // The same rows in the same order, with the features as they were defined for it.
        LabelledSet own = rank.Reads(shown, present)
            ? shown
            : (await BuildShownAsync(snapshot, rank.Features, data, now, cancellationToken).ConfigureAwait(false))!;
        IReadOnlyList<TextColumn> texts = await SetRows.TextsAsync(
            snapshot, own, rank.Views, rank.Encoders.Texts, cancellationToken).ConfigureAwait(false);
        SetRows rows = new(own, texts, retrieval, spec.Objective.Label.Window);
        return JudgeShown(reference.Name, rows.Score(rank), lists, places);
    }

    private Task<LabelledSet?> BuildShownAsync(
        LakeSnapshot snapshot, FeatureSet features, TrainingData data, DateTimeOffset now,
        CancellationToken cancellationToken) => LabelledSet.BuildAsync(
            snapshot, spec, features,
            new LabelledSetRequest
            {
                From = data.TestStart,
                To = now,
                AsOf = now,
                MaximumRows = JudgedRows,
                KeepImmature = true,
            },
            progress: null, cancellationToken: cancellationToken);
}
