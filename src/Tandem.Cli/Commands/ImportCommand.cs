using System.CommandLine;
using Spectre.Console;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem import</c>: files into the raw log and the lake.</summary>
internal static class ImportCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<string> data = new("--data")
        {
            Description = "Folder that holds the files.",
            DefaultValueFactory = _ => ".",
        };
        Verb verb = new(
            "import", "Read files into the raw log and the lake; bad rows go to quarantine",
            "tandem import --data data/gowalla --spec examples/gowalla.yaml", "tandem import")
        {
            spec, store, data,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            ImportSummary summary = await terminal.ProgressAsync(progress => workspace.ImportAsync(
                result.GetRequiredValue(data), progress, cancellationToken));
            terminal.Say(
                $"Read [green]{Terminal.Count(summary.Rows)}[/] rows in {Terminal.Number(summary.Seconds, 1)} s " +
                $"({Terminal.Count((long)(summary.Rows / Math.Max(0.001, summary.Seconds)))} rows/s); " +
                $"the lake holds {Terminal.Count(summary.LakeRows)} events.");
            if (summary.Rejected > 0)
            {
                terminal.Say($"[yellow]{Terminal.Count(summary.Rejected)} rows are in quarantine[/], under " +
                    Markup.Escape(summary.QuarantineFolder));
            }

            terminal.Say("Next: [bold]tandem train[/]");
            return 0;
        });
        return verb;
    }
}
