using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tandem.Events;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem log</c>: looks into the raw log, takes damage out of it, and removes what need not stay.</summary>
internal static class LogCommand
{
    public static Verb Build(Terminal terminal)
    {
        Verb verb = new(
            "log", "Look into the raw log; find and repair damage; remove what is old", "tandem log ls",
            "tandem log repair", "tandem log trim --dry-run");
        verb.Subcommands.Add(List(terminal));
        verb.Subcommands.Add(Repair(terminal));
        verb.Subcommands.Add(LogTrimCommand.Build(terminal));
        verb.Subcommands.Add(LogReadersCommand.Build(terminal));
        return verb;
    }

    private static Verb List(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new("ls", "List the segments of the raw log and its named readers", "tandem log ls", "tandem log ls --json")
        {
            spec, store, json,
        };
        verb.SetAction(result =>
        {
            string folder = Folder(result, spec, store);
            IReadOnlyList<JournalListing> segments = JournalListing.Read(folder);
            IReadOnlyList<NamedReader> readers = NamedReaders.List(folder);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(LogJson.Write(folder, segments, readers));
                return;
            }

            terminal.Say(Markup.Escape(folder));
            terminal.Table(
                ["segment", "state", "first event known", "written", "bytes"],
                segments.Select(segment => (IReadOnlyList<string>)
                [
                    Markup.Escape(Path.GetFileName(segment.Path)),
                    segment.IsClosed ? "closed" : "[green]open[/]",
                    Moment(segment.FirstKnown),
                    Moment(segment.Written),
                    Terminal.Count(segment.Bytes),
                ]),
                textColumns: 4);
            if (readers.Count > 0)
            {
                LogReadersCommand.Show(terminal, readers, segments);
            }
        });
        return verb;
    }

    private static Verb Repair(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Option<bool> yes = new("--yes")
        {
            Description = "Repair. Without it, only show what is damaged.",
        };
        Verb verb = new(
            "repair", "Read every byte of the raw log and show what is damaged; with --yes, take it out",
            "tandem log repair", "tandem log repair --yes")
        {
            spec, store, yes, json,
        };
        verb.SetAction(result =>
        {
            string folder = Folder(result, spec, store);
            bool isRepair = result.GetValue(yes);
            IReadOnlyList<JournalDamage> damages =
                isRepair ? JournalRepair.Run(folder) : JournalRepair.Find(folder);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(LogJson.Write(folder, damages, isRepair));
            }
            else
            {
                Show(terminal, folder, damages, isRepair);
            }

            return damages.Count == 0 || isRepair ? 0 : 1;
        });
        return verb;
    }

    private static void Show(
        Terminal terminal, string folder, IReadOnlyList<JournalDamage> damages, bool isRepaired)
    {
        if (damages.Count == 0)
        {
            terminal.Say($"[green]Every byte is as it was written[/], in {Markup.Escape(folder)}");
            return;
        }

        terminal.Table(
            ["segment", "offset", "bytes", "damaged", "known between"],
            damages.Select(damage => (IReadOnlyList<string>)
            [
                Markup.Escape(Path.GetFileName(damage.Path)),
                Terminal.Count(damage.Offset),
                Terminal.Count(damage.Length),
                damage.Kind switch
                {
                    JournalDamageKind.Header => "header: written again",
                    JournalDamageKind.Lines => "events: skipped, lost",
                    JournalDamageKind.Tail => "the end: cut",
                    _ => "surplus: cut",
                },
                $"{Moment(damage.Before)} – {Moment(damage.After)}",
            ]));
        foreach (JournalDamage damage in damages.Where(static damage => damage.KeptAt is not null))
        {
            terminal.Say($"  taken out, kept at {Markup.Escape(damage.KeptAt!)}");
        }

        terminal.Say(isRepaired
            ? "[green]Repaired.[/] What is whole kept its position."
            : "Nothing was changed. Restore from a backup, or take this out: [bold]tandem log repair --yes[/]");
    }

    /// <summary>The folder of the log that the flags name.</summary>
    public static string Folder(ParseResult result, Option<string> spec, Option<string?> store) =>
        TandemWorkspace.LogFolder(new WorkspaceOptions
        {
            SpecPath = result.GetRequiredValue(spec),
            Store = result.GetValue(store),
        });

    /// <summary>A moment as tables show it.</summary>
    public static string Moment(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "–";
}
