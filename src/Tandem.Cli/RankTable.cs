using Spectre.Console;
using Tandem.Learning;
using Tandem.Training.Ranking;

namespace Tandem.Cli;

/// <summary>How a model that orders candidates compares with the order of retrieval, and what it leans on.</summary>
internal static class RankTable
{
    private const int MostFeatures = 12;

    public static void Show(Terminal terminal, RankReport report)
    {
        terminal.Say(
            $"[bold]rank {Markup.Escape(report.Kind)}[/] {(report.IsKept ? "[green]kept[/]" : "[yellow]not kept[/]")}: " +
            $"{Markup.Escape(report.Reason)}");
        if (report is { Ranked: { } ranked, Retrieval: { } retrieval })
        {
            terminal.Table(
                ["on the same later rows", "log-loss", "normalised entropy", "area under the curve"],
                [Row(report.Kind, ranked), Row("retrieval, calibrated", retrieval)]);
            terminal.Table(
                ["feature", "log-loss when shuffled", "weight × deviation"],
                report.Importance.Take(MostFeatures).Select(static each => (IReadOnlyList<string>)
                [
                    Markup.Escape(each.Name), $"{(each.Permutation < 0 ? "" : "+")}{Terminal.Number(each.Permutation, 4)}",
                    each.Weight is { } weight ? Terminal.Number(weight, 3) : "–",
                ]));
        }
    }

    private static IReadOnlyList<string> Row(string name, RowFigures figures) =>
    [
        Markup.Escape(name), Terminal.Number(figures.LogLoss, 4), Terminal.Number(figures.NormalisedEntropy, 4),
        Terminal.Number(figures.Auc, 4),
    ];
}
