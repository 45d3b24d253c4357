using System.Globalization;
using Tandem.Faults;
using Tandem.Learning.Calibration;

namespace Tandem.Learning;

/// <summary>Fits maps that turn scores into probabilities that happen as often as they say.</summary>
/// <remarks>Formulas: <c>docs/judging-rows.md</c>. Deterministic under a seed.</remarks>
public static class Calibrator
{
    /// <summary>The method that takes the best map where one helps, and none otherwise.</summary>
    public const string Auto = "auto";

    /// <summary>The method that leaves scores as they are.</summary>
    public const string None = "none";

    private const string NotAsked = "No calibration was asked for.";
    private const string Temperature = "temperature";
    private const int Splits = 3;
    private const double TestShare = 0.3;
    private const int MostInFolds = 50_000;
    private const double LargeShare = 0.2;

    // The order is that of the numbers in model files: add at the end.
    internal static readonly string[] Methods = [None, "platt", "isotonic", Temperature, "beta"];

    /// <summary>What <c>training.calibration</c> may say.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, .. Methods];

    /// <summary>Scores every row by a model that did not see it.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="folds">Parts that judge in turn; rows of no part are left out.</param>
    /// <param name="fit">Fits the model on some of them.</param>
    public static RowScores OutOfFold(
        LabelledRows rows, IReadOnlyList<RowFold> folds, Func<LabelledRows, IRowScorer> fit)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(fit);
        int width = rows.Target.OutputCount;
        float[] values = new float[rows.Count * width];
        int[] tested = [.. folds.SelectMany(static fold => fold.Test).Distinct().Order()];
        foreach (RowFold fold in folds)
        {
            IRowScorer model = fit(rows.Take(fold.Train));
            float[] scores = new float[fold.Test.Length * width];
            model.ScoreRows(rows.Take(fold.Test).Features, scores);
            for (int i = 0; i < fold.Test.Length; i++)
            {
                scores.AsSpan(i * width, width).CopyTo(values.AsSpan(fold.Test[i] * width));
            }
        }

        RowScores all = new()
        {
            Target = rows.Target,
            Values = values,
            Labels = rows.Labels,
            Groups = rows.Groups,
            Weights = rows.Weights,
        };
        return all.Take(tested);
    }

    /// <summary>Calibrates a model by scores of rows that it did not see: those of models fitted like it on parts of its
    /// rows.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="rows">The rows that it was fitted on.</param>
    /// <param name="method">One of <see cref="Names"/>.</param>
    /// <param name="fit">Fits a model like it on some of them.</param>
    /// <param name="seed">Seed of the parts and splits.</param>
    /// <returns>The model with the map, where there is one; and why.</returns>
    /// <exception cref="TandemException">LRN070: no such method, or not for this target.</exception>
    /// <remarks>Costs three more fits, and of more than 50,000 rows one, on four fifths of them. Groups stay
    /// together.</remarks>
    public static (IRowScorer Scorer, CalibrationReport Report) Calibrate(
        IRowScorer scorer, LabelledRows rows, string method, Func<LabelledRows, IRowScorer> fit, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(rows);
        if (method == None)
        {
            return (scorer, new CalibrationReport(None, NotAsked));
        }

        float[] classes = RowFolds.ClassesOf(rows.Target, rows.Labels);
        bool isLarge = rows.Count > MostInFolds;
        IReadOnlyList<RowFold> folds = (rows.Groups.Length > 0, isLarge) switch
        {
            (true, true) => RowFolds.RandomGroups(rows.Groups, LargeShare, 1, seed),
            (true, false) => RowFolds.Grouped(rows.Groups, Splits, seed),
            (false, true) => RowFolds.Random(classes, LargeShare, 1, seed),
            _ => RowFolds.Stratified(classes, Splits, seed),
        };
        CalibrationReport report = Choose(OutOfFold(rows, folds, fit), method, seed);
        return (report.Map is null ? scorer : AdjustedScorer.Calibrate(scorer, report.Map), report);
    }

    /// <summary>Fits a map on scores of rows that the model did not see, where that helps or is asked for.</summary>
    /// <param name="scores">The scores, binary or of several classes.</param>
    /// <param name="method">One of <see cref="Names"/>.</param>
    /// <param name="seed">Seed of the splits.</param>
    /// <returns>The map, or why there is none.</returns>
    /// <exception cref="TandemException">LRN070: no such method, or not for this target.</exception>
    /// <remarks><c>auto</c> measures log-loss and calibration error of each map on three stratified splits, the map fitted on
    /// 70 % of the rows and measured on the others. The map of the least log-loss is taken where both are less than without
    /// one. With rows of one class, or perfectly ranked, there is nothing to be measured.</remarks>
    public static CalibrationReport Choose(RowScores scores, string method, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(scores);
        RowScores.ThrowUnlessSound(scores);
        RowTargetKind target = scores.Target.Kind;
        IReadOnlyList<string> known = target switch
        {
            RowTargetKind.Binary => Names,
            RowTargetKind.Multiclass => [Auto, None, Temperature],
            _ => [Auto, None],
        };
        if (!known.Contains(method, StringComparer.Ordinal))
        {
            throw new TandemException(LearningErrors.UnknownCalibration(method, target, known));
        }

        string? hindrance = Hindrance(scores, method, known.Count);
        CalibrationReport report = hindrance is not null
            ? new CalibrationReport(None, hindrance)
            : method == Auto ? Best(scores, known, seed) : Asked(scores, method);
        return report with { Rows = scores.Count };
    }

    /// <summary>The scores as a map leaves them.</summary>
    internal static RowScores Apply(CalibrationMap map, RowScores scores) =>
        scores with { Values = Array.ConvertAll(scores.Values, score => (float)map.Map(score)) };

    /// <summary>Fits one method; null where the scores run against the labels, and a map would turn them round.</summary>
    internal static CalibrationMap? Fit(RowScores scores, string method)
    {
        double[] weights = scores.Weights.Length == 0
            ? [.. Enumerable.Repeat(1d, scores.Count)]
            : Array.ConvertAll(scores.Weights, static weight => (double)weight);
        if (scores.Target.Kind == RowTargetKind.Multiclass)
        {
            return Straight(method, LogisticMaps.FitTemperature(scores, weights), 0);
        }

        double[] x = Array.ConvertAll(scores.Values, static score => (double)score);
        bool[] isPositive = Array.ConvertAll(scores.Labels, static label => label > 0);
        switch (method)
        {
            case "platt":
                (double slope, double offset) = LogisticMaps.FitPlatt(x, isPositive, weights);
                return Straight(method, slope, offset);
            case Temperature:
                return Straight(method, LogisticMaps.FitTemperature(x, isPositive, weights), 0);
            case "beta":
                (double below, double above, double shift) = LogisticMaps.FitBeta(x, isPositive, weights);
                return below >= 0 && above >= 0 && below + above > 0
                    ? CalibrationMap.Bent(method, below, above, shift)
                    : null;
            default:
                (double[] knots, double[] values) = Isotonic.Fit(x, isPositive, weights);

                // A probability of 0 or 1 would be a claim that no number of rows bears out.
                double least = 1 / (scores.Count + 2.0);
                return CalibrationMap.Stepped(
                    method, Array.ConvertAll(knots, static knot => (float)knot),
                    Array.ConvertAll(values, value => (float)Math.Clamp(value, least, 1 - least)));
        }
    }

    private static CalibrationMap? Straight(string method, double slope, double offset) =>
        slope > 0 && double.IsFinite(slope + offset) ? CalibrationMap.Straight(method, slope, offset) : null;

    private static string? Hindrance(RowScores scores, string method, int knownCount)
    {
        if (method == None)
        {
            return NotAsked;
        }

        if (knownCount == 2)
        {
            return "These scores are no probabilities.";
        }

        if (scores.Labels.Distinct().Count() < 2)
        {
            return "The rows are of one class.";
        }

        return method == Auto && scores.Target.Kind == RowTargetKind.Binary
            && RowEvaluation.Measure(scores, "roc_auc") == 1
            ? "The scores put every positive above every negative: no probability between them was seen."
            : null;
    }

    private static CalibrationReport Asked(RowScores scores, string method) => Fit(scores, method) is { } map
        ? new CalibrationReport(method, $"'{method}' was asked for.") { Map = map }
        : new CalibrationReport(None, $"'{method}' would turn the order of the scores round: they run against the labels.");

    private static CalibrationReport Best(RowScores scores, IReadOnlyList<string> known, ulong seed)
    {
        IReadOnlyList<RowFold> splits = RowFolds.Random(
            RowFolds.ClassesOf(scores.Target, scores.Labels), TestShare, Splits, seed);
        (double Loss, double Error) before = Measure(scores, splits, None)!.Value;
        (string Method, (double Loss, double Error) Figures)[] found =
        [
            .. known.Where(static each => each is not (Auto or None))
                .Select(each => (each, Measure(scores, splits, each)))
                .Where(static each => each.Item2 is not null).Select(static each => (each.each, each.Item2!.Value)),
        ];
        if (found.Length == 0)
        {
            return new CalibrationReport(None, "Every map would turn the order of the scores round.");
        }

        (string method, (double Loss, double Error) after) = found.MinBy(static each => each.Figures.Loss);
        CalibrationMap? map = after.Loss < before.Loss && after.Error < before.Error ? Fit(scores, method) : null;
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"on {Splits} splits the calibration error is {after.Error:F4} with '{method}' and {before.Error:F4} without, the " +
            $"log-loss {after.Loss:F4} and {before.Loss:F4}");
        return new CalibrationReport(
            map is null ? None : method, map is null ? $"No map helps: {figures}." : $"'{method}' helps: {figures}.")
        {
            ErrorBefore = before.Error,
            ErrorAfter = after.Error,
            LogLossBefore = before.Loss,
            LogLossAfter = after.Loss,
            Map = map,
        };
    }

    /// <summary>Mean log-loss and calibration error over splits; null where a map cannot be fitted on each.</summary>
    private static (double Loss, double Error)? Measure(RowScores scores, IReadOnlyList<RowFold> splits, string method)
    {
        double loss = 0;
        double error = 0;
        foreach (RowFold split in splits)
        {
            RowScores judged = scores.Take(split.Test);
            if (method != None)
            {
                if (Fit(scores.Take(split.Train), method) is not { } map)
                {
                    return null;
                }

                judged = Apply(map, judged);
            }

            loss += RowEvaluation.Measure(judged, "log_loss") / splits.Count;
            error += RowEvaluation.Measure(judged, "ece") / splits.Count;
        }

        return (loss, error);
    }
}
