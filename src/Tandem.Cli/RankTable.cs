using Spectre.Console;
using Tandem.Learning;
using Tandem.Training.Ranking;

namespace Tandem.Cli;

/// <summary>How a model that reads features compares with the order of retrieval, or what it was fitted on where it
/// predicts; and what it leans on.</summary>
internal static class RankTable
{
    private const int MostFeatures = 12;
    private static readonly string[] Metrics = ["log_loss", "normalised_entropy", "roc_auc"];

    public static void Show(Terminal terminal, RankReport report)
    {
        // Where it predicts, there is no other order to keep, and its figures stand with those of the others.
        bool isPredicting = report is { Ranked: not null, Retrieval: null };
        if (!isPredicting)
        {
            terminal.Say(
                $"[bold]rank {Markup.Escape(report.Kind)}[/] {(report.IsKept ? "[green]kept[/]" : "[yellow]not kept[/]")}: " +
                $"{Markup.Escape(report.Reason)}");
        }

        if (report.Rates is { } rates)
        {
            RatesLine.Show(terminal, rates);
        }

        if (report.Calibration is { } calibration)
        {
            terminal.Say($"[bold]calibration[/] {Markup.Escape(calibration.Reason)}");
        }

        if (report.Decision is { } decision)
        {
            ShowDecision(terminal, decision);
        }

        if (isPredicting)
        {
            ShowImportance(terminal, report);
        }

        if (report is { Ranked: { } ranked, Retrieval: { } retrieval })
        {
            terminal.Table(
                ["on the same later rows", "log-loss", "normalised entropy", "area under the curve"],
                [Row(ranked), Row(retrieval)]);
            ShowImportance(terminal, report);
        }
    }

    private static void ShowDecision(Terminal terminal, DecisionReport decision)
    {
        DecisionRule rule = decision.Rule;
        string band = rule is { AbstainFrom: { } from, AbstainTo: { } to }
            ? $", abstain from {Terminal.Number(from, 3)} to {Terminal.Number(to, 3)}"
            : "";
        terminal.Say(
            $"[bold]decision[/] by {Markup.Escape(rule.By)}: act from {Terminal.Number(rule.Threshold, 4)} on{band}; " +
            $"{Terminal.Number(100 * decision.ActShare, 2)} % acted on, precision {Terminal.Number(decision.Precision, 3)}, " +
            $"recall {Terminal.Number(decision.Recall, 3)}");
        terminal.Table(
            ["cost a row", "95 % interval", "acting always", "never", "saved over the cheaper"],
            [[
                Terminal.Number(decision.Cost, 4),
                $"{Terminal.Number(decision.Low, 4)} to {Terminal.Number(decision.High, 4)}",
                Terminal.Number(decision.AlwaysCost, 4), Terminal.Number(decision.NeverCost, 4),
                $"{Terminal.Number(decision.SavingLow, 4)} to {Terminal.Number(decision.SavingHigh, 4)}",
            ]]);
        if (decision.Slices.Count > 0)
        {
            ShowParts(terminal, decision);
        }
    }

    private static void ShowParts(Terminal terminal, DecisionReport decision) => terminal.Table(
        ["part", "acted on", "precision", "recall", "below the floor"],
        decision.Slices.Select(part => (IReadOnlyList<string>)
        [
            Markup.Escape(part.Key), $"{Terminal.Number(100 * part.Value.ActShare, 2)} %",
            Terminal.Number(part.Value.Precision, 3), Terminal.Number(part.Value.Recall, 3),
            decision.BelowFloor.Contains(part.Key, StringComparer.Ordinal) ? "yes" : "",
        ]));

    private static void ShowImportance(Terminal terminal, RankReport report) => terminal.Table(
        ["feature", "log-loss when shuffled", "weight × deviation"],
        report.Importance.Take(MostFeatures).Select(static each => (IReadOnlyList<string>)
        [
            Markup.Escape(each.Name), $"{(each.Permutation < 0 ? "" : "+")}{Terminal.Number(each.Permutation, 4)}",
            each.Weight is { } weight ? Terminal.Number(weight, 3) : "–",
        ]));

    private static IReadOnlyList<string> Row(ModelEvaluation model) =>
    [
        Markup.Escape(model.Name), .. Metrics.Select(metric => model.Metrics.TryGetValue(metric, out double figure)
            ? Terminal.Number(figure, 4)
            : "–"),
    ];
}
