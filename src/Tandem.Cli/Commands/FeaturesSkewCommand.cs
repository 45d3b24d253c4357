using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;
using Tandem.Monitoring.Skew;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem features skew</c>: computes features of logged answers again and compares.</summary>
internal static class FeaturesSkewCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Option<DateTimeOffset?> from = Flags.Moment("--from", "Start of the answers' window; default a day before its end.");
        Option<DateTimeOffset?> to = Flags.Moment("--to", "End of the window; default now.");
        Option<double?> sample = new("--sample")
        {
            Description = "Share of the people, above 0 to 1, each with all answers; default about 20,000 answers.",
        };
        sample.Validators.Add(CheckShare);
        Verb verb = new(
            "skew", "Compute features of logged answers again from the lake, and compare them with what was served",
            "tandem features skew", "tandem features skew --from 2026-01-01 --to 2026-01-02T12:00 --sample 0.1",
            "tandem features skew --json")
        {
            from, to, sample, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            SkewReport report = await workspace.CompareServedAsync(
                result.GetValue(from), result.GetValue(to), result.GetValue(sample), cancellationToken);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(FeaturesJson.Write(report));
            }
            else
            {
                Show(terminal, report);
            }

            return report.Mismatched == 0 ? 0 : 1;
        });
        return verb;
    }

    private static void CheckShare(OptionResult result)
    {
        if (result.Tokens.Count == 1
            && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double share)
            && share is not (> 0 and <= 1))
        {
            result.AddError($"--sample {result.Tokens[0].Value} is no share; write a number above 0, at most 1.");
        }
    }

    private static void Show(Terminal terminal, SkewReport report)
    {
        terminal.Table(
            ["feature", "rows", "differ", "missing", "extra", "SMAPE", "first that differs"],
            report.Features.Select(feature => (IReadOnlyList<string>)
            [
                Markup.Escape(feature.Name), Terminal.Count(feature.Rows),
                feature.Mismatched == 0 ? "[green]0[/]" : $"[red]{Terminal.Count(feature.Mismatched)}[/]",
                Terminal.Count(feature.Missing), Terminal.Count(feature.Extra),
                feature.Smape is { } smape ? Terminal.Number(smape, 6) : "",
                feature.First is { } first ? Markup.Escape(Words(first)) : "",
            ]));
        terminal.Say(
            $"[{(report.Mismatched == 0 ? "green" : "red")}]{Markup.Escape(report.Words)}[/], answers of " +
            $"{Terminal.Count(report.Keys)} keys from {Text(report.From)} to {Text(report.To)}" +
            (report.LeftOut == 0 ? "." : $"; {Terminal.Count(report.LeftOut)} of other definitions were left out."));
    }

    private static string Words(SkewRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Event} ({row.About}): served {row.Served?.ToString("R", CultureInfo.InvariantCulture) ?? "null"}, " +
        $"rebuilt {row.Rebuilt?.ToString("R", CultureInfo.InvariantCulture) ?? "null"}");

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
