using Spectre.Console;
using Tandem.Learning;
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
        terminal.Say(
            $"[grey]{Markup.Escape(protocol.Split)} split, {Terminal.Count(protocol.TrainRows)} rows to fit, " +
            $"{Terminal.Count(protocol.TestRows)} to judge on, {Terminal.Count(protocol.Users)} users, " +
            $"{Markup.Escape(protocol.Candidates)} of {Terminal.Count(protocol.Items)} ranked; " +
            $"ties: {Markup.Escape(protocol.Ties)}; {Markup.Escape(protocol.Interval)}, seed {protocol.Seed}[/]");
    }

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
                Terminal.Number(figure.Metrics[metric], 4),
                ours is null ? "[grey]–[/]" : Terminal.Number(ours.Metrics[metric], 4),
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

        int decimals = Math.Abs(value) >= 2 ? 2 : 4;
        string text = Terminal.Number(value, decimals);
        return model.Intervals.TryGetValue(metric, out double[]? interval)
            ? $"{text}\n[grey]{Terminal.Number(interval[0], decimals)}–{Terminal.Number(interval[1], decimals)}[/]"
            : text;
    }
}
