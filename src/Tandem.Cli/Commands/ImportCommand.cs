using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Tandem.Workspace;
using Tandem.Workspace.Import;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem import</c>: files into the raw log and the lake.</summary>
internal static class ImportCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Option<string> data = new("--data")
        {
            Description = "Folder that holds the files.",
            DefaultValueFactory = _ => ".",
        };
        Verb verb = new(
            "import",
            "Read files into the raw log and the lake; bad rows go to quarantine. One that was cut short is run " +
            "again: nothing is there twice",
            "tandem import --data data/gowalla --spec examples/gowalla.yaml", "tandem import", "tandem import --json")
        {
            spec, store, data, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            ImportSummary summary = await terminal.ProgressAsync(progress => workspace.ImportAsync(
                result.GetRequiredValue(data), progress, new Rate(progress), cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(JsonSerializer.SerializeToUtf8Bytes(summary, ImportJson.Default.ImportSummary));
                return 0;
            }

            Show(terminal, summary);
            return 0;
        });
        return verb;
    }

    private static void Show(Terminal terminal, ImportSummary summary)
    {
        terminal.Say(
            $"Read [green]{Terminal.Count(summary.Rows)}[/] rows in {Terminal.Number(summary.Seconds, 1)} s " +
            $"({Terminal.Count((long)(summary.Rows / Math.Max(0.001, summary.Seconds)))} rows/s); " +
            $"the lake holds {Terminal.Count(summary.LakeRows)} events.");
        if (summary.Rejected > 0)
        {
            terminal.Say($"[yellow]{Terminal.Count(summary.Rejected)} rows are in quarantine[/], under " +
                Markup.Escape(summary.QuarantineFolder));
        }

        foreach (IGrouping<string, GuessedColumn> source in
            summary.Guesses.GroupBy(static guess => guess.Source, StringComparer.Ordinal))
        {
            IEnumerable<string> columns = source
                .Select(static guess =>
                    $"{guess.Field}: {JsonSerializer.Serialize(guess.Column, ImportJson.Default.String)}")
                .Distinct(StringComparer.Ordinal);
            terminal.Say(
                $"[yellow]Guessed[/] for {source.Key}: columns: {{{Markup.Escape(string.Join(", ", columns))}}} " +
                "- write it under its import, to have it so for good.");
        }

        terminal.Say("Next: [bold]tandem train[/]");
    }

    /// <summary>Rows a second and guessed columns, beside the source's bar.</summary>
    private sealed class Rate(StepProgress steps) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            string guesses = string.Concat(value.Guesses.Select(static guess => $", {guess.Field} = {guess.Column}?"));
            steps.Note(
                $"import {value.Source}", $"{Terminal.Count((long)value.EventsPerSecond)} rows/s{guesses}");
        }
    }
}

/// <summary>Names in snake case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ImportSummary))]
internal sealed partial class ImportJson : JsonSerializerContext;
