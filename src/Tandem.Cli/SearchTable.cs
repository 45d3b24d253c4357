using System.Globalization;
using Spectre.Console;
using Tandem.Training.Search;

namespace Tandem.Cli;

/// <summary>How settings were searched: the best of each round, and what was picked.</summary>
internal static class SearchTable
{
    private const int MostRows = 12;

    public static void Show(Terminal terminal, SearchReport report)
    {
        SearchTrial[] shown =
        [
            .. report.Trials.OrderByDescending(static trial => trial.Round).ThenByDescending(static trial => trial.Value)
                .Take(MostRows),
        ];
        string[] varied = [.. Varied(report)];
        terminal.Table(
            ["setting", "round", "users", report.Metric, "95 % interval", "s", .. varied],
            shown.Select(trial => Row(trial, trial.Name == report.Picked, varied)));
        string more = report.Trials.Count > shown.Length
            ? $" The {report.Trials.Count - shown.Length} others are in the run: tandem train --json." : "";
        string ended = report.IsComplete
            ? "" : $" The time of {Terminal.Number(report.BudgetSeconds, 0)} s was over before the end: training.search.budget.";
        string resumed = report.Resumed > 0 ? $" {report.Resumed} were taken over from a run that was cut off." : "";
        terminal.Say(
            $"[bold]{Markup.Escape(report.Picked)}[/] picked by {Markup.Escape(report.Metric)} on validation rows " +
            $"({Markup.Escape(report.Split)} within the training rows, {report.Rounds} rounds).{more}{ended}{resumed}");
    }

    private static IEnumerable<string> Varied(SearchReport report) =>
        report.Trials.SelectMany(static trial => trial.Parameters.Select(pair => (trial.Kind, pair.Key, pair.Value)))
            .Distinct()
            .GroupBy(static each => (each.Kind, each.Key))
            .Where(static values => values.Count() > 1)
            .Select(static values => values.Key.Key)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private static IReadOnlyList<string> Row(SearchTrial trial, bool isPicked, string[] varied) =>
    [
        isPicked ? $"[green]{Markup.Escape(trial.Name)}[/]" : Markup.Escape(trial.Name),
        trial.Round.ToString(CultureInfo.InvariantCulture),
        trial.UserShare >= 1 ? "all" : $"{Terminal.Number(100 * trial.UserShare, 0)} %",
        trial.Value is { } value ? Terminal.Number(value, 4) : "failed",
        trial.Interval is [double low, double high]
            ? $"{Terminal.Number(low, 4)}–{Terminal.Number(high, 4)}" : Markup.Escape(trial.Fault ?? "–"),
        Terminal.Number(trial.Seconds, 1),
        .. varied.Select(name => trial.Parameters.TryGetValue(name, out double number)
            ? number.ToString("G4", CultureInfo.InvariantCulture) : "–"),
    ];
}
