using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tandem.Events;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem log trim</c>: removes old segments that nobody needs.</summary>
internal static class LogTrimCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Option<TimeSpan?> olderThan = new("--older-than")
        {
            Description = "Remove segments whose events all became known longer ago, such as 12h or 30d.",
            CustomParser = Flags.ParseLength,
        };
        Option<long?> keepBytes = new("--keep-bytes")
        {
            Description = "Remove the oldest segments beyond so many bytes of log.",
        };
        keepBytes.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && long.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out long bytes) && bytes < 0)
            {
                result.AddError($"--keep-bytes {bytes} is negative.");
            }
        });
        Option<bool> dryRun = new("--dry-run")
        {
            Description = "Say what would go and what holds the rest back, and remove nothing; works beside a service.",
        };
        Verb verb = new(
            "trim", "Remove old segments that the lake holds and every reader has read; a service does so by itself "
            + "where its settings say how much stays",
            "tandem log trim --older-than 30d --dry-run", "tandem log trim --keep-bytes 1000000000 --json")
        {
            olderThan, keepBytes, dryRun, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            bool isDryRun = result.GetValue(dryRun);
            JournalRetention retention = new()
            {
                Age = result.GetValue(olderThan),
                Bytes = result.GetValue(keepBytes),
            };
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: isDryRun, cancellationToken);
            JournalTrim trim = await workspace.TrimLogAsync(
                retention.IsOff ? null : retention, isDryRun, cancellationToken);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(LogJson.Write(trim, isDryRun));
                return 0;
            }

            Show(terminal, trim, isDryRun);
            return 0;
        });
        return verb;
    }

    private static void Show(Terminal terminal, JournalTrim trim, bool isDryRun)
    {
        string gone = isDryRun ? "would go" : "removed";
        terminal.Table(
            ["segment", "", "bytes"],
            [
                .. trim.Removed.Select(segment => Row(segment, $"[green]{gone}[/]")),
                .. trim.Held.Select(static segment => Row(segment, "held back")),
            ],
            textColumns: 2);
        terminal.Say(
            $"{(isDryRun ? "Nothing was removed. It would be" : "[green]Removed[/]")} " +
            $"{Terminal.Count(trim.Removed.Count)} segments, {Terminal.Count(trim.RemovedBytes)} bytes; the log " +
            $"{(isDryRun ? "would begin" : "begins")} at {trim.Begin}.");
        if (trim.Hold is { } hold)
        {
            terminal.Say(
                $"{Terminal.Count(trim.Held.Count)} more, {Terminal.Count(trim.HeldBytes)} bytes, stay: {Why(hold)}");
        }
    }

    private static IReadOnlyList<string> Row(JournalSegment segment, string state) =>
    [
        Markup.Escape(Path.GetFileName(segment.Path)), state, Terminal.Count(segment.End.Offset - segment.Start.Offset),
    ];

    private static string Why(JournalHold hold) => hold.Kind switch
    {
        JournalHoldKind.Lake =>
            $"the lake holds the log up to {hold.Position} only. A service compacts every 15 minutes, [bold]tandem " +
            "train[/] does it now.",
        JournalHoldKind.NamedReader =>
            $"reader '{Markup.Escape(hold.Name!)}' reads on at {hold.Position}. Move it: [bold]tandem log readers set " +
            $"{Markup.Escape(hold.Name!)} POSITION[/], or remove it: [bold]tandem log readers rm " +
            $"{Markup.Escape(hold.Name!)}[/]",
        JournalHoldKind.Reader => $"a reader in this process is at {hold.Position}.",
        _ => $"from {hold.Position} on are the ids within which an event sent again is recognised ('remembered_ids').",
    };
}
