using Spectre.Console;
using Tandem.Learning;
using Tandem.Learning.Pictures;
using Tandem.Workspace.Published;

namespace Tandem.Cli;

/// <summary>An evaluation as a table: a row a model, a column a metric, intervals beside the gate's metric.</summary>
internal static class EvaluationTable
{
    public static void Show(Terminal terminal, EvaluationResult result, string? best = null)
    {
        EvaluationProtocol protocol = result.Protocol;
        string[] metrics = [.. result.Models.SelectMany(model => model.Metrics.Keys).Distinct(StringComparer.Ordinal)];
        terminal.Table(
            ["model", .. metrics, "seconds"],
            result.Models.Select(model => Row(model, metrics, model.Name == best)));
        string judged = protocol.Task == OneShot.Task
            ? $"{protocol.Users} runs, each among {Terminal.Count(protocol.Items)} {Markup.Escape(protocol.Candidates)}"
            : protocol.Items > 0
            ? $"{Terminal.Count(protocol.Users)} users, {Markup.Escape(protocol.Candidates)} of {Terminal.Count(protocol.Items)} ranked"
            : protocol.Users > 0 ? $"{Terminal.Count(protocol.Users)} groups"
            : "each by itself";
        terminal.Say(
            $"[grey]{Markup.Escape(protocol.Split)} split, {Terminal.Count(protocol.TrainRows)} rows to fit, " +
            $"{Terminal.Count(protocol.TestRows)} to judge on, {judged}; " +
            $"ties: {Markup.Escape(protocol.Ties)}; {Markup.Escape(protocol.Interval)}, seed {protocol.Seed}[/]");
        ShowDifferences(terminal, result);
    }

    /// <summary>Figures of groups of users, for the metric that models are compared by.</summary>
    public static void ShowSlices(Terminal terminal, EvaluationResult result)
    {
        string[] slices = [.. result.Models.SelectMany(static model => model.Slices ?? []).Select(static slice => slice.Name)
            .Distinct(StringComparer.Ordinal)];
        if (slices.Length == 0)
        {
            return;
        }

        HashSet<string> measured = [.. result.Models.SelectMany(static model => model.Slices ?? [])
            .SelectMany(static slice => slice.Metrics.Keys)];
        string metric = result.Differences is [{ } first, ..] && measured.Contains(first.Metric)
            ? first.Metric
            : result.Models.SelectMany(static model => model.Metrics.Keys).First(measured.Contains);

        terminal.Table(
            [$"{metric} of", .. result.Models.Select(static model => model.Name), result.Protocol.Items > 0 ? "users" : "rows"],
            slices.Select(slice => SliceRow(slice, result, metric)));
    }

    private static string[] SliceRow(string name, EvaluationResult result, string metric)
    {
        SliceEvaluation?[] found =
            [.. result.Models.Select(model => (model.Slices ?? []).FirstOrDefault(slice => slice.Name == name))];
        return
        [
            Markup.Escape(name),
            .. found.Select(slice => slice?.Metrics.TryGetValue(metric, out double value) is true
                ? Terminal.Number(value, 4)
                : "[grey]–[/]"),
            Terminal.Count(found.Max(static slice => slice?.Users ?? 0)),
        ];
    }

    private static void ShowDifferences(Terminal terminal, EvaluationResult result)
    {
        if (result.Differences is [{ } first, ..])
        {
            terminal.Table(
                [
                    $"{Markup.Escape(first.Best)} less", $"{first.Metric}, same {(result.Protocol.Items > 0 ? "users" : "rows")}",
                    "95 % interval",
                ],
                result.Differences.Select(static each => (IReadOnlyList<string>)
                [
                    Markup.Escape(each.Other),
                    Signed(each.Difference),
                    each.Low > 0 || each.High < 0
                        ? $"{Signed(each.Low)} to {Signed(each.High)}"
                        : $"[yellow]{Signed(each.Low)} to {Signed(each.High)}[/]",
                ]));
        }
    }

    private static string Signed(double value) => (value < 0 ? "−" : "+") + Terminal.Number(Math.Abs(value), 4);

    /// <summary>What others published, with our figure of the same model beside it.</summary>
    public static void ShowPublished(
        Terminal terminal, EvaluationResult result, IReadOnlyList<PublishedFigure> figures)
    {
        string[] metrics = [.. figures.SelectMany(static figure => figure.Metrics.Keys).Distinct(StringComparer.Ordinal)];
        terminal.Table(
            ["published", .. metrics.SelectMany(static metric => new[] { metric, "ours" }), "source"],
            figures.Select(figure => PublishedRow(figure, result, metrics)));
    }

    private static string[] PublishedRow(PublishedFigure figure, EvaluationResult result, string[] metrics)
    {
        ModelEvaluation? ours = result.Models.FirstOrDefault(model => model.Name == figure.Ours);
        return
        [
            Markup.Escape(ours is null ? figure.Model : $"{figure.Model} = {ours.Name}"),
            .. metrics.SelectMany(metric => new[]
            {
                Figure(figure.Metrics[metric]),
                ours is null ? "[grey]–[/]" : Figure(ours.Metrics[metric]),
            }),
            Markup.Escape(figure.Source),
        ];
    }

    private static string[] Row(ModelEvaluation model, string[] metrics, bool isBest) =>
    [
        isBest ? $"[green]{Markup.Escape(model.Name)}[/]" : Markup.Escape(model.Name),
        .. metrics.Select(metric => Cell(model, metric)),
        Terminal.Number(model.Seconds, 1),
    ];

    private static string Cell(ModelEvaluation model, string metric)
    {
        if (!model.Metrics.TryGetValue(metric, out double value))
        {
            return "[grey]–[/]";
        }

        int decimals = DecimalsOf(value);
        string text = Terminal.Number(value, decimals);
        return model.Intervals.TryGetValue(metric, out double[]? interval)
            ? $"{text}\n[grey]{Terminal.Number(interval[0], decimals)}–{Terminal.Number(interval[1], decimals)}[/]"
            : text;
    }

    private static string Figure(double value) => Terminal.Number(value, DecimalsOf(value));

    private static int DecimalsOf(double value) => Math.Abs(value) >= 2 ? 2 : 4;
}
