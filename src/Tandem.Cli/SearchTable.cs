using System.Globalization;
using Spectre.Console;
using Tandem.Learning;

namespace Tandem.Cli;

/// <summary>How settings were searched: how far each came, and what was picked.</summary>
internal static class SearchTable
{
    private const int MostRows = 12;

    /// <summary>The first search, and of those of other divisions what each picked.</summary>
    public static void Show(Terminal terminal, IReadOnlyList<SearchReport> reports)
    {
        for (int i = 0; i < reports.Count; i++)
        {
            if (i == 0)
            {
                Show(terminal, reports[i]);
            }
            else
            {
                SearchTrial picked = reports[i].Trials.Where(trial => trial.Name == reports[i].Picked).MaxBy(static trial => trial.Round)!;
                terminal.Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"division {i + 1}: [bold]{Markup.Escape(picked.Name)}[/], {Markup.Escape(Settings(picked, Varied(reports[i])))}"));
            }
        }
    }

    public static void Show(Terminal terminal, SearchReport report)
    {
        SearchTrial[] furthest =
        [
            .. report.Trials.GroupBy(static trial => trial.Name, StringComparer.Ordinal)
                .Select(static trials => trials.MaxBy(static trial => trial.Round)!)
                .OrderByDescending(static trial => trial.Round).ThenByDescending(trial => trial.Name == report.Picked)
                .ThenByDescending(trial => report.LowerIsBetter ? -trial.Value : trial.Value),
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

    private static string Settings(SearchTrial trial, HashSet<(string Kind, string Name)> varied) => string.Join(
        ", ",
        trial.Parameters.Where(pair => varied.Contains((trial.Kind, pair.Key)))
            .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:G4}")));

    private static IReadOnlyList<string> Row(
        SearchTrial trial, SearchReport report, HashSet<(string Kind, string Name)> varied)
    {
        string name = Markup.Escape(trial.Name.Replace(' ', '\u00a0'));
        return
        [
            trial.Name == report.Picked ? $"[green]{name}[/]" : name,
            Markup.Escape(Settings(trial, varied)),
            string.Create(CultureInfo.InvariantCulture, $"{trial.Round} of {report.Rounds}"),
            trial.Value is { } value ? Terminal.Number(value, 4) : "failed",
            trial.Interval is [double low, double high]
                ? $"{Terminal.Number(low, 4)}–{Terminal.Number(high, 4)}"
                : Markup.Escape(trial.Fault ?? "–"),
            Terminal.Number(trial.Seconds, 1),
        ];
    }
}
