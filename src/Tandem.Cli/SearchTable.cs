using System.Globalization;
using Spectre.Console;
using Tandem.Training.Search;

namespace Tandem.Cli;

/// <summary>How settings were searched: how far each came, and what was picked.</summary>
internal static class SearchTable
{
    private const int MostRows = 12;

    public static void Show(Terminal terminal, SearchReport report)
    {
        SearchTrial[] furthest =
        [
            .. report.Trials.GroupBy(static trial => trial.Name, StringComparer.Ordinal)
                .Select(static trials => trials.MaxBy(static trial => trial.Round)!)
                .OrderByDescending(static trial => trial.Round).ThenByDescending(static trial => trial.Value),
        ];
        HashSet<(string Kind, string Name)> varied = Varied(report);
        terminal.Table(
            ["setting", "", "round", report.Metric, "95 % interval", "s"],
            furthest.Take(MostRows).Select(trial => Row(trial, report, varied)));
        string more = furthest.Length > MostRows
            ? $" The {furthest.Length - MostRows} others: tandem train --json." : "";
        string ended = report.IsComplete
            ? ""
            : $" The {Terminal.Number(report.BudgetSeconds, 0)} s of training.search.budget were over before the end.";
        string resumed = report.Resumed > 0
            ? $" {report.Resumed} trials were taken over from a run that was cut off." : "";
        terminal.Say(
            $"[bold]{Markup.Escape(report.Picked)}[/] picked by {Markup.Escape(report.Metric)} on validation rows " +
            $"({Markup.Escape(report.Split)} within the training rows).{more}{ended}{resumed}");
    }

    /// <summary>The settings that differ between the trials of a kind.</summary>
    private static HashSet<(string Kind, string Name)> Varied(SearchReport report) =>
    [
        .. report.Trials
            .SelectMany(static trial => trial.Parameters.Select(pair => (trial.Kind, Name: pair.Key, pair.Value)))
            .Distinct()
            .GroupBy(static each => (each.Kind, each.Name))
            .Where(static values => values.Count() > 1)
            .Select(static values => values.Key),
    ];

    private static IReadOnlyList<string> Row(
        SearchTrial trial, SearchReport report, HashSet<(string Kind, string Name)> varied)
    {
        string name = Markup.Escape(trial.Name.Replace(' ', '\u00a0'));
        IEnumerable<string> settings = trial.Parameters.Where(pair => varied.Contains((trial.Kind, pair.Key)))
            .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:G4}"));
        return
        [
            trial.Name == report.Picked ? $"[green]{name}[/]" : name,
            Markup.Escape(string.Join(", ", settings)),
            string.Create(CultureInfo.InvariantCulture, $"{trial.Round} of {report.Rounds}"),
            trial.Value is { } value ? Terminal.Number(value, 4) : "failed",
            trial.Interval is [double low, double high]
                ? $"{Terminal.Number(low, 4)}–{Terminal.Number(high, 4)}"
                : Markup.Escape(trial.Fault ?? "–"),
            Terminal.Number(trial.Seconds, 1),
        ];
    }
}
