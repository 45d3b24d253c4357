using System.Globalization;

namespace Tandem.Learning.Tests.Rows;

/// <summary>The slow, obvious twin of the metrics of rows: pairs, thresholds and lists gone through one by one. A weight
/// is a row that stands there several times.</summary>
internal static class RowBruteForce
{
    public static double Measure(string name, RowScores scores)
    {
        RowScores rows = Repeat(scores);
        string[] parts = name.Split('@');
        int k = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return rows.Target.Kind switch
        {
            RowTargetKind.Binary => Chance(parts[0], k, parts.Length > 1, rows.Values, rows.Labels),
            RowTargetKind.Multilabel => Heads(rows).Select(
                head => Chance(parts[0], k, parts.Length > 1, head.Values, head.Labels)).Where(double.IsFinite).Average(),
            RowTargetKind.Multiclass => OfClasses(parts[0], k, rows),
            RowTargetKind.Order => Groups(scores).Select(group => Order(parts[0], k, group))
                .Where(double.IsFinite).Average(),
            RowTargetKind.Quantile => OfQuantiles(parts[0], rows),
            _ => Number(
                parts[0], rows.Labels,
                [.. rows.Values.Select(v => rows.Target.Kind == RowTargetKind.Count ? Math.Exp(v) : v)]),
        };
    }

    private static RowScores Repeat(RowScores scores)
    {
        int[] rows =
        [
            .. Enumerable.Range(0, scores.Count).SelectMany(row => Enumerable.Repeat(
                row, scores.Weights.Length == 0 ? 1 : (int)scores.Weights[row])),
        ];
        return scores.Take(rows) with { Weights = [] };
    }

    private static double Chance(string name, int k, bool hasCutoff, float[] scores, float[] labels)
    {
        double[] p = [.. scores.Select(static score => 1 / (1 + Math.Exp(-score)))];
        double positives = labels.Count(static y => y > 0);
        double negatives = labels.Length - positives;
        double Right(float from) => labels.Where((y, i) => y > 0 && scores[i] >= from).Count();
        double Taken(float from) => scores.Count(score => score >= from);
        float[] thresholds = [.. scores.Distinct().OrderDescending()];
        double share = positives / labels.Length;
        double loss = p.Select((q, i) => -Math.Log(labels[i] > 0 ? q : 1 - q)).Average();
        double tp = Right(0);
        double fp = Taken(0) - tp;
        double recall = positives > 0 ? tp / positives : 0;
        double precision = tp + fp > 0 ? tp / (tp + fp) : 0;
        return (name, hasCutoff) switch
        {
            ("roc_auc" or "auc", _) => scores.SelectMany((a, i) => scores.Select((b, j) =>
                labels[i] > labels[j] ? (a > b ? 1 : a == b ? 0.5 : 0) : 0)).Sum() / (positives * negatives),
            ("pr_auc" or "average_precision", _) => thresholds.Select((from, at) =>
                (Right(from) - (at == 0 ? 0 : Right(thresholds[at - 1]))) / positives * Right(from) / Taken(from)).Sum(),
            ("log_loss", _) => loss,
            ("normalised_entropy", _) => loss / -((share * Math.Log(share)) + ((1 - share) * Math.Log(1 - share))),
            ("brier", _) => p.Select((q, i) => (q - labels[i]) * (q - labels[i])).Average(),
            ("ece", _) => Bins(p, labels, hasCutoff ? k : 10),
            ("accuracy", _) => (tp + negatives - fp) / labels.Length,
            ("recall", _) => recall,
            ("f1", _) => tp > 0 ? 2 / ((1 / precision) + (1 / recall)) : 0,
            ("g_mean", _) => negatives > 0 ? Math.Sqrt(recall * (negatives - fp) / negatives) : 0,
            ("recall_at_precision", _) => thresholds.Where(from => Right(from) * 100 >= k * Taken(from))
                .Select(from => Right(from) / positives).DefaultIfEmpty(0).Max(),
            ("precision", false) => precision,
            _ => PrecisionAt(k, scores, labels),
        };
    }

    /// <summary>The mean of the best and the worst order of the tied, which is that of all orders.</summary>
    private static double PrecisionAt(int k, float[] scores, float[] labels)
    {
        double Share(int sign) => Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])
            .ThenBy(i => sign * labels[i]).Take(k).Average(i => labels[i]);
        float last = scores.OrderDescending().ElementAt(Math.Min(k, scores.Length) - 1);
        double above = scores.Count(score => score > last);
        double tied = scores.Count(score => score == last);
        double tiedRight = labels.Where((y, i) => y > 0 && scores[i] == last).Count();
        double expected = (labels.Where((y, i) => y > 0 && scores[i] > last).Count()
            + (tiedRight / tied * (Math.Min(k, scores.Length) - above))) / Math.Min(k, scores.Length);
        Assert.InRange(expected, Share(1) - 1e-12, Share(-1) + 1e-12);
        return expected;
    }

    private static double Bins(double[] p, float[] happened, int count) => Enumerable.Range(0, count).Sum(bin =>
    {
        int[] own = [.. Enumerable.Range(0, p.Length).Where(i =>
            (p[i] > (double)bin / count || bin == 0) && p[i] <= (bin + 1.0) / count)];
        return own.Length == 0 ? 0 : Math.Abs(own.Average(i => (double)happened[i]) - own.Average(i => p[i])) * own.Length / p.Length;
    });

    private static double OfClasses(string name, int k, RowScores rows)
    {
        int classes = rows.Target.Classes;
        double[][] p =
        [
            .. rows.Values.Chunk(classes).Select(static logits =>
                logits.Select(each => Math.Exp(each) / logits.Sum(static other => Math.Exp(other))).ToArray()),
        ];
        int[] said = [.. p.Select(static each => Array.IndexOf(each, each.Max()))];
        int[] were = [.. rows.Labels.Select(static y => (int)y)];
        IEnumerable<int> all = said.Union(were);
        double Both(int c) => said.Where((s, i) => s == c && were[i] == c).Count();
        double Precision(int c) => Both(c) / Math.Max(1, said.Count(s => s == c));
        double Recall(int c) => Both(c) / Math.Max(1, were.Count(s => s == c));
        return name switch
        {
            "log_loss" => p.Select((each, i) => -Math.Log(each[were[i]])).Average(),
            "accuracy" => said.Where((s, i) => s == were[i]).Count() / (double)said.Length,
            "ece" => Bins(
                [.. p.Select(static each => each.Max())], [.. said.Select((s, i) => s == were[i] ? 1f : 0f)], k == 0 ? 10 : k),
            "precision" => all.Average(Precision),
            "recall" => all.Average(Recall),
            _ => all.Average(c => Both(c) == 0 ? 0 : 2 * Precision(c) * Recall(c) / (Precision(c) + Recall(c))),
        };
    }

    private static double Number(string name, float[] y, double[] predicted)
    {
        double mean = y.Average(static label => (double)label);
        return name switch
        {
            "mae" => y.Zip(predicted, static (a, b) => Math.Abs(a - b)).Average(),
            "rmse" => Math.Sqrt(y.Zip(predicted, static (a, b) => (a - b) * (a - b)).Average()),
            "mape" => y.Zip(predicted).Where(static pair => pair.First != 0)
                .Average(static pair => Math.Abs((pair.First - pair.Second) / pair.First)),
            "r2" => 1 - (y.Zip(predicted, static (a, b) => (a - b) * (a - b)).Sum()
                / y.Sum(label => (label - mean) * (label - mean))),
            _ => y.Zip(predicted, static (a, b) => 2 * ((a == 0 ? 0 : a * Math.Log(a / b)) - (a - b))).Average(),
        };
    }

    private static double OfQuantiles(string name, RowScores rows)
    {
        double[] quantiles = [.. rows.Target.Quantiles];
        float[][] predicted = [.. rows.Values.Chunk(quantiles.Length)];
        return name == "coverage"
            ? rows.Labels.Where((y, i) => y >= predicted[i][0] && y <= predicted[i][^1]).Count() / (double)rows.Count
            : quantiles.Select((q, j) => rows.Labels.Select((y, i) =>
                y > predicted[i][j] ? q * ((double)y - predicted[i][j]) : (1 - q) * ((double)predicted[i][j] - y)).Average())
                .Average();
    }

    private static IEnumerable<RowScores> Groups(RowScores rows) =>
        Enumerable.Range(0, rows.Count).GroupBy(row => rows.Groups[row]).Select(group => rows.Take([.. group]));

    private static IEnumerable<(float[] Values, float[] Labels)> Heads(RowScores rows) =>
        Enumerable.Range(0, rows.Target.Classes).Select(head => (
            rows.Values.Where((_, i) => i % rows.Target.Classes == head).ToArray(),
            rows.Labels.Where((_, i) => i % rows.Target.Classes == head).ToArray()));

    private static double Order(string name, int k, RowScores group)
    {
        // LINQ's sort is stable: equal scores keep the order of the rows.
        float[] ranked = [.. Enumerable.Range(0, group.Count).OrderByDescending(i => group.Values[i]).Select(i => group.Labels[i])];
        k = k == 0 ? ranked.Length : k;
        static double Gain(IEnumerable<float> grades) => grades.Select(static (g, at) => (Math.Pow(2, g) - 1) / Math.Log2(at + 2)).Sum();
        if (ranked.All(static grade => grade == 0))
        {
            return name == "mrr" ? double.NaN : 1;
        }

        return name switch
        {
            "ndcg" => Gain(ranked.Take(k)) / Gain(ranked.OrderDescending().Take(k)),
            "mrr" => 1.0 / (1 + Array.FindIndex(ranked, static grade => grade > 0)),
            _ => Enumerable.Range(0, Math.Min(k, ranked.Length)).Where(at => ranked[at] > 0)
                .Sum(at => ranked.Take(at + 1).Count(static grade => grade > 0) / (at + 1.0))
                / Math.Min(ranked.Count(static grade => grade > 0), Math.Min(k, ranked.Length)),
        };
    }
}
