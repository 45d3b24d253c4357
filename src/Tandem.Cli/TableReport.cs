using Spectre.Console;
using Tandem.Learning;

namespace Tandem.Cli;

/// <summary>What else there is to say of models of rows: what was seen in the data, how probabilities compare with what
/// happened, and what the best model leans on.</summary>
internal static class TableReport
{
    private const int MostFeatures = 12;
    private const int MostChecks = 10;
    private const int Width = 32;

    public static void Show(Terminal terminal, EvaluationResult result)
    {
        IReadOnlyList<DataCheck> checks = result.Checks ?? [];
        foreach (DataCheck check in checks.Take(MostChecks))
        {
            terminal.Say($"[{(check.IsWarning ? "yellow" : "grey")}]{Markup.Escape(check.Words)}[/]");
        }

        if (checks.Count > MostChecks)
        {
            terminal.Say($"[yellow]… and {Terminal.Count(checks.Count - MostChecks)} more like this: see --json[/]");
        }

        foreach (ModelEvaluation model in result.Models)
        {
            ShowImportance(terminal, model);
        }

        ShowIntervals(terminal, result.Models);

        // Of the last model: baselines come first, and rivals of the file's own after them.
        if (result.Models.LastOrDefault(static model => model.Importance is not null) is { } best)
        {
            ShowReliability(terminal, best);
        }

        if (result.Explained is { } explained)
        {
            ShowExplained(terminal, explained);
        }
    }

    private static void ShowIntervals(Terminal terminal, IReadOnlyList<ModelEvaluation> models)
    {
        ModelEvaluation[] all = [.. models.Where(static model => model.Interval is not null)];
        if (all.Length == 0)
        {
            return;
        }

        bool hasQuantiles = all.Any(static model => model.Interval!.Before is not null);
        terminal.Table(
            [
                $"intervals of {Terminal.Number(100 * all[0].Interval!.Level, 1)} %", "rows held", "95 % interval", "mean width",
                "margin", .. hasQuantiles ? (string[])["held by the quantiles"] : [],
            ],
            all.Select(model => (IReadOnlyList<string>)
            [
                Markup.Escape(model.Name), $"{Terminal.Number(100 * model.Interval!.Coverage, 1)} %",
                $"{Terminal.Number(100 * model.Interval.Low, 1)}–{Terminal.Number(100 * model.Interval.High, 1)} %",
                Terminal.Number(model.Interval.Width, 4), Signed(model.Interval.Margin),
                .. hasQuantiles ? (string[])[$"{Terminal.Number(100 * (model.Interval.Before ?? 0), 1)} %"] : [],
            ]));
        terminal.Say($"[grey]Intervals by {all[0].Interval!.Method.Replace('_', ' ')}.[/]");
    }

    private static void ShowImportance(Terminal terminal, ModelEvaluation model)
    {
        if (model.Importance is { Count: > 0 } importance)
        {
            bool isExplained = importance.Any(static each => each.Contribution is not null);
            double most = importance.Max(static each => each.Contribution ?? 0);
            terminal.Table(
                [
                    $"{Markup.Escape(model.Name)} leans on", "worse when shuffled",
                    .. isExplained ? (string[])["mean |added|", ""] : [],
                ],
                importance.Take(MostFeatures).Select(each => (IReadOnlyList<string>)
                [
                    Markup.Escape(each.Name), Signed(each.Permutation),
                    .. isExplained
                        ? (string[])[Terminal.Number(each.Contribution ?? 0, 4), Bar((each.Contribution ?? 0) / most)]
                        : [],
                ]));
        }
    }

    /// <summary>A table a score: what each feature of one row adds to it.</summary>
    private static void ShowExplained(Terminal terminal, ExplainedRow explained)
    {
        foreach ((string score, Explanation why) in explained.Scores)
        {
            terminal.Say(
                $"[bold]Row {Terminal.Count(explained.Row)}[/] by {Markup.Escape(explained.Model)}" +
                $"{(explained.IsLearned ? ", which learned from it" : "")}: {Markup.Escape(score)} " +
                $"{Terminal.Number(why.Margin, 4)}, all rows start from {Terminal.Number(why.Base, 4)}");
            double most = why.Contributions.Count == 0 ? 1 : Math.Abs(why.Contributions[0].Value);
            terminal.Table(
                ["feature", "value", "adds", ""],
                why.Contributions.Take(MostFeatures).Select(each => (IReadOnlyList<string>)
                [
                    Markup.Escape(each.Feature), Markup.Escape(explained.Values.GetValueOrDefault(each.Feature, "missing")),
                    Signed(each.Value), Bar(Math.Abs(each.Value) / most),
                ]).Append(
                [
                    "all others", "",
                    Signed(why.Rest + why.Contributions.Skip(MostFeatures).Sum(static each => each.Value)), "",
                ]));
        }
    }

    private static string Signed(double value) => $"{(value < 0 ? "" : "+")}{Terminal.Number(value, 4)}";

    private static string Bar(double share) =>
        new string('█', (int)Math.Round((double.IsFinite(share) ? share : 0) * Width)).PadRight(Width, '·');

    /// <summary>A line a bin: the share that happened as a bar, the mean probability as a mark on it; the longest is the
    /// greatest of them.</summary>
    private static void ShowReliability(Terminal terminal, ModelEvaluation model)
    {
        if (model.Reliability is { Count: > 0 } bins)
        {
            double top = bins.Max(static bin => Math.Max(bin.Predicted, bin.Observed));
            terminal.Table(
                [
                    $"{Markup.Escape(model.Name)} says", "mean", "happened", "95 % interval", "rows",
                    $"█ happened, │ said, of {Terminal.Number(top, 3)}",
                ],
                bins.Select(bin => (IReadOnlyList<string>)
                [
                    $"{Terminal.Number(bin.Low, 3)}–{Terminal.Number(bin.High, 3)}", Terminal.Number(bin.Predicted, 3),
                    Terminal.Number(bin.Observed, 3),
                    $"{Terminal.Number(bin.ObservedLow, 3)}–{Terminal.Number(bin.ObservedHigh, 3)}",
                    Terminal.Count(bin.Rows), Bar(bin, top),
                ]));
        }
    }

    private static string Bar(ReliabilityBin bin, double top)
    {
        Span<char> bar = stackalloc char[Width];
        bar.Fill('·');
        bar[..(int)Math.Round(ShareOf(bin.Observed))].Fill('█');
        bar[Math.Min(Width - 1, (int)ShareOf(bin.Predicted))] = '│';
        return bar.ToString();

        double ShareOf(double value) => top > 0 ? value / top * Width : 0;
    }
}
