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
