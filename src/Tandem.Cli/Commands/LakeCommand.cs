using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Tandem.Lake;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem lake</c>: looks into the lake, and keeps it tidy.</summary>
internal static class LakeCommand
{
    public static Verb Build(Terminal terminal)
    {
        Verb verb = new(
            "lake", "Look into the lake: tables, files, SQL; merge and vacuum its files",
            "tandem lake ls", "tandem lake sql \"from play limit 10\"", "tandem lake vacuum --keep-for 7d --dry-run")
        {
            BuildList(terminal), BuildStats(terminal), LakeSqlCommand.Build(terminal),
            LakeUpkeepCommand.BuildMerge(terminal), LakeUpkeepCommand.BuildVacuum(terminal),
        };
        return verb;
    }

    private static Verb BuildList(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<long?> number = Number();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "ls", "List the tables: rows, files, bytes, first and last event",
            "tandem lake ls", "tandem lake ls --manifest 3 --json")
        {
            spec, store, number, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            LakeManifest manifest = await FindAsync(result, spec, store, number, cancellationToken);
            if (result.GetValue(json))
            {
                WriteJson(manifest, WriteTable);
                return 0;
            }

            terminal.Say(Headline(manifest));
            terminal.Table(
                ["table", "rows", "files", "MB", "first event", "last event"],
                manifest.Tables.Select(table => (IReadOnlyList<string>)
                [
                    Markup.Escape(table.Name), Terminal.Count(table.RowCount), Terminal.Count(table.Parts.Count),
                    Megabytes(table.Bytes), Moment(table.First), Moment(table.Last),
                ]));
            return 0;
        });
        return verb;
    }

    private static Verb BuildStats(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<long?> number = Number();
        Option<bool> json = Flags.Json();
        Argument<string?> only = new("TABLE")
        {
            Description = "The table; all where none is named.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Verb verb = new(
            "stats", "List the files of a table with what the manifest knows of each",
            "tandem lake stats play", "tandem lake stats --json")
        {
            only, spec, store, number, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            LakeManifest manifest = await FindAsync(result, spec, store, number, cancellationToken);
            if (result.GetValue(only) is { } name)
            {
                manifest = manifest with { Tables = manifest.Find(name) is { } table ? [table] : [] };
            }

            if (result.GetValue(json))
            {
                WriteJson(manifest, WriteParts);
                return 0;
            }

            terminal.Say(Headline(manifest));
            terminal.Table(
                ["table", "file", "first entity", "last entity", "rows", "MB", "first event", "last event"],
                manifest.Tables.SelectMany(table => table.Parts, (table, part) => (IReadOnlyList<string>)
                [
                    Markup.Escape(table.Name), Markup.Escape(FileOf(part.Key)),
                    Markup.Escape(part.FirstEntity ?? ""), Markup.Escape(part.LastEntity ?? ""),
                    Terminal.Count(part.Rows), Megabytes(part.Bytes), Moment(part.First), Moment(part.Last),
                ]),
                textColumns: 4);
            return 0;
        });
        return verb;
    }

    private static Option<long?> Number() => new("--manifest")
    {
        Description = "Number of an older manifest; default the latest.",
    };

    private static async Task<LakeManifest> FindAsync(
        ParseResult result, Option<string> spec, Option<string?> store, Option<long?> number,
        CancellationToken cancellationToken)
    {
        await using TandemWorkspace workspace = await Flags.OpenAsync(
            result, spec, store, isReader: true, cancellationToken);
        return await workspace.LakeManifestAsync(result.GetValue(number), cancellationToken);
    }

    private static string Headline(LakeManifest manifest) =>
        $"Manifest {manifest.Number}: the log before position {manifest.To.Offset}, " +
        $"{Terminal.Count(manifest.RowCount)} events.";

    /// <summary>A file's name without what its table says already.</summary>
    public static string FileOf(string key) =>
        key[(key.IndexOf("date=", StringComparison.Ordinal) + "date=".Length)..];

    public static string Megabytes(long bytes) => Terminal.Number(bytes / 1e6, 2);

    private static string Moment(DateTimeOffset? time) =>
        time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private static void WriteJson(LakeManifest manifest, Action<Utf8JsonWriter, LakeManifestTable> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("manifest", manifest.Number);
            json.WriteNumber("to", manifest.To.Offset);
            json.WriteNumber("rows", manifest.RowCount);
            json.WriteStartArray("tables");
            foreach (LakeManifestTable table in manifest.Tables)
            {
                json.WriteStartObject();
                json.WriteString("table", table.Name);
                write(json, table);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        Terminal.WriteJson(stream.ToArray());
    }

    private static void WriteTable(Utf8JsonWriter json, LakeManifestTable table)
    {
        json.WriteNumber("rows", table.RowCount);
        json.WriteNumber("files", table.Parts.Count);
        json.WriteNumber("bytes", table.Bytes);
        WriteMoment(json, "first", table.First);
        WriteMoment(json, "last", table.Last);
    }

    private static void WriteParts(Utf8JsonWriter json, LakeManifestTable table)
    {
        json.WriteStartArray("files");
        foreach (LakePart part in table.Parts)
        {
            json.WriteStartObject();
            json.WriteString("key", part.Key);
            json.WriteNumber("rows", part.Rows);
            json.WriteNumber("bytes", part.Bytes);
            WriteMoment(json, "first", part.First);
            WriteMoment(json, "last", part.Last);
            json.WriteNumber("timeless", part.Timeless);
            json.WriteString("first_entity", part.FirstEntity);
            json.WriteString("last_entity", part.LastEntity);
            json.WriteString("hash", part.Hash);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMoment(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } moment)
        {
            json.WriteString(name, moment);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
