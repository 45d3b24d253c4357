using System.CommandLine;
using Spectre.Console;
using Tandem.Events;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem log readers</c>: who outside of the service still reads the raw log, and from where.</summary>
internal static class LogReadersCommand
{
    public static Verb Build(Terminal terminal)
    {
        Verb verb = new(
            "readers", "Name programs that read the raw log, so that what they have not read stays",
            "tandem log readers ls", "tandem log readers set export");
        verb.Subcommands.Add(List(terminal));
        verb.Subcommands.Add(Set(terminal));
        verb.Subcommands.Add(Remove(terminal));
        return verb;
    }

    /// <summary>Shows readers, and how much of the log is kept for each.</summary>
    public static void Show(
        Terminal terminal, IReadOnlyList<NamedReader> readers, IReadOnlyList<JournalListing> segments)
    {
        long end = segments.Count == 0 ? 0 : segments[^1].Start.Offset + segments[^1].Bytes;
        terminal.Table(
            ["reader", "moved", "position", "bytes behind the end"],
            readers.Select(reader => (IReadOnlyList<string>)
            [
                Markup.Escape(reader.Name), LogCommand.Moment(reader.Moved), Terminal.Count(reader.Position.Offset),
                Terminal.Count(end - reader.Position.Offset),
            ]),
            textColumns: 2);
    }

    private static Verb List(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "ls", "List the named readers", "tandem log readers ls", "tandem log readers ls --json")
        {
            spec, store, json,
        };
        verb.SetAction(result =>
        {
            string folder = LogCommand.Folder(result, spec, store);
            IReadOnlyList<NamedReader> readers = NamedReaders.List(folder);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(LogJson.Write(readers));
                return;
            }

            if (readers.Count == 0)
            {
                terminal.Say("No program has named itself a reader.");
                return;
            }

            Show(terminal, readers, JournalListing.Read(folder));
        });
        return verb;
    }

    private static Verb Set(Terminal terminal)
    {
        Argument<string> name = new("name") { Description = "The reader's name." };
        Argument<long?> position = new("position")
        {
            Description = "Where it reads on; default: the first position that is kept.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "set", "Add a reader, or move it: from its position on, the log stays", "tandem log readers set export",
            "tandem log readers set export 7340117")
        {
            name, position, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            NamedReader reader = await NamedReaders.SetAsync(
                LogCommand.Folder(result, spec, store), result.GetRequiredValue(name),
                result.GetValue(position) is { } at ? new JournalPosition(at) : null, TimeProvider.System.GetUtcNow(),
                cancellationToken);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(LogJson.Write(reader));
                return;
            }

            terminal.Say($"From {reader.Position} on, the log stays for '{Markup.Escape(reader.Name)}'.");
        });
        return verb;
    }

    private static Verb Remove(Terminal terminal)
    {
        Argument<string> name = new("name") { Description = "The reader's name." };
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "rm", "Remove a reader: nothing stays for it any more", "tandem log readers rm export",
            "tandem log readers rm export --json")
        {
            name, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            string folder = LogCommand.Folder(result, spec, store);
            bool wasThere = await NamedReaders.RemoveAsync(folder, result.GetRequiredValue(name), cancellationToken);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(LogJson.Write(NamedReaders.List(folder)));
            }
            else
            {
                terminal.Say(wasThere ? "[green]Removed.[/]" : "There was no reader of this name.");
            }

            return wasThere ? 0 : 1;
        });
        return verb;
    }
}
