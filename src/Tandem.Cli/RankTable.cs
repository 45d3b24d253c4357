using Spectre.Console;
using Tandem.Learning;
using Tandem.Training.Ranking;

namespace Tandem.Cli;

/// <summary>How a model that orders candidates compares with the order of retrieval, and what it leans on.</summary>
internal static class RankTable
{
    private const int MostFeatures = 12;
    private static readonly string[] Metrics = ["log_loss", "normalised_entropy", "roc_auc"];

    public static void Show(Terminal terminal, RankReport report)
    {
        terminal.Say(
            $"[bold]rank {Markup.Escape(report.Kind)}[/] {(report.IsKept ? "[green]kept[/]" : "[yellow]not kept[/]")}: " +
            $"{Markup.Escape(report.Reason)}");
        if (report.Rates is { } rates)
        {
            RatesLine.Show(terminal, rates);
        }

        if (report is { Ranked: { } ranked, Retrieval: { } retrieval })
        {
            terminal.Table(
                ["on the same later rows", "log-loss", "normalised entropy", "area under the curve"],
                [Row(ranked), Row(retrieval)]);
            terminal.Table(
                ["feature", "log-loss when shuffled", "weight × deviation"],
                report.Importance.Take(MostFeatures).Select(static each => (IReadOnlyList<string>)
                [
                    Markup.Escape(each.Name), $"{(each.Permutation < 0 ? "" : "+")}{Terminal.Number(each.Permutation, 4)}",
                    each.Weight is { } weight ? Terminal.Number(weight, 3) : "–",
                ]));
        }
    }

    private static IReadOnlyList<string> Row(ModelEvaluation model) =>
    [
        Markup.Escape(model.Name), .. Metrics.Select(metric => model.Metrics.TryGetValue(metric, out double figure)
            ? Terminal.Number(figure, 4)
            : "–"),
    ];
}
