using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Tandem.Lake;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem lake merge</c> and <c>vacuum</c>: fewer files, and none that nobody needs.</summary>
internal static class LakeUpkeepCommand
{
    private static readonly TimeSpan DefaultAge = TimeSpan.FromDays(7);

    public static Verb BuildMerge(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> dryRun = new("--dry-run") { Description = "Say what would be merged, and merge nothing." };
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "merge", "Make one file of the small files of each table and date; a service does so by itself",
            "tandem lake merge", "tandem lake merge --dry-run", "tandem lake merge --json")
        {
            dryRun, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            bool isDryRun = result.GetValue(dryRun);
            LakeMerge merge = await workspace.MergeLakeAsync(isDryRun: isDryRun, cancellationToken: cancellationToken);
            if (result.GetValue(json))
            {
                WriteJson(merge, isDryRun);
                return 0;
            }

            if (merge.Files.Count == 0)
            {
                terminal.Say($"Nothing to merge; manifest {merge.Latest.Number} is the latest.");
                return 0;
            }

            terminal.Table(
                ["table", "file", "made of", "rows", "MB before", "MB"],
                merge.Files.Select(file => (IReadOnlyList<string>)
                [
                    Markup.Escape(file.Table), Markup.Escape(LakeCommand.FileOf(file.Key)),
                    Terminal.Count(file.Sources), Terminal.Count(file.Rows),
                    LakeCommand.Megabytes(file.SourceBytes),
                    file.Bytes is { } bytes ? LakeCommand.Megabytes(bytes) : "",
                ]),
                textColumns: 2);
            string counts = $"{Terminal.Count(merge.Files.Sum(file => file.Sources))} files into " +
                Terminal.Count(merge.Files.Count);
            terminal.Say(isDryRun
                ? $"Nothing was merged. It would be {counts}."
                : $"[green]Merged[/] {counts}, manifest {merge.Latest.Number}. Older manifests keep the small files " +
                    "until: [bold]tandem lake vacuum[/]");
            return 0;
        });
        return verb;
    }

    public static Verb BuildVacuum(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<int?> keep = new("--keep")
        {
            Description = "How many of the newest manifests stay, at least 1.",
        };
        keep.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(
                    result.Tokens[0].Value, CultureInfo.InvariantCulture, out int number) && number < 1)
            {
                result.AddError($"--keep {number} would leave no lake; keep at least 1.");
            }
        });
        Option<TimeSpan?> keepFor = new("--keep-for")
        {
            Description = "How far back the lake stays readable, such as 12h or 7d; with --keep, what either keeps "
                + "stays. Default 7d where neither is given.",
            CustomParser = Flags.ParseLength,
        };
        Option<bool> dryRun = new("--dry-run") { Description = "Say what would be removed, and remove nothing." };
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "vacuum", "Remove old manifests and the files that only they name; training sets and models keep theirs",
            "tandem lake vacuum --keep-for 7d --dry-run", "tandem lake vacuum --keep 10 --json")
        {
            keep, keepFor, dryRun, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            int? newest = result.GetValue(keep);
            TimeSpan? age = result.GetValue(keepFor) ?? (newest is null ? DefaultAge : null);
            bool isDryRun = result.GetValue(dryRun);
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            LakeVacuum vacuum = await workspace.VacuumLakeAsync(newest ?? 1, age, isDryRun, cancellationToken);
            if (result.GetValue(json))
            {
                WriteJson(vacuum, isDryRun);
                return 0;
            }

            Show(terminal, vacuum, isDryRun);
            return 0;
        });
        return verb;
    }

    private static void Show(Terminal terminal, LakeVacuum vacuum, bool isDryRun)
    {
        if (vacuum.Manifests.Count + vacuum.Files.Count == 0)
        {
            terminal.Say($"Nothing to remove; all {Terminal.Count(vacuum.Kept.Count)} manifests stay.");
            return;
        }

        terminal.Table(
            [isDryRun ? "would be removed" : "removed", "MB"],
            [
                .. vacuum.Manifests.Select(static number => (IReadOnlyList<string>)[$"manifest {number}", ""]),
                .. vacuum.Files.Select(static file => (IReadOnlyList<string>)
                    [Markup.Escape(file.Key), LakeCommand.Megabytes(file.Bytes)]),
            ]);
        string what = $"{Terminal.Count(vacuum.Manifests.Count)} manifests and {Terminal.Count(vacuum.Files.Count)} " +
            $"files, {LakeCommand.Megabytes(vacuum.Bytes)} MB; {Terminal.Count(vacuum.Kept.Count)} manifests stay.";
        terminal.Say(isDryRun ? $"Nothing was removed. It would be {what}" : $"[green]Removed[/] {what}");
    }

    private static void WriteJson(LakeMerge merge, bool isDryRun) => Write(json =>
    {
        json.WriteBoolean("dry_run", isDryRun);
        json.WriteNumber("manifest", merge.Latest.Number);
        json.WriteStartArray("files");
        foreach (LakeMergedFile file in merge.Files)
        {
            json.WriteStartObject();
            json.WriteString("table", file.Table);
            json.WriteString("key", file.Key);
            json.WriteNumber("sources", file.Sources);
            json.WriteNumber("rows", file.Rows);
            json.WriteNumber("source_bytes", file.SourceBytes);
            if (file.Bytes is { } bytes)
            {
                json.WriteNumber("bytes", bytes);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteJson(LakeVacuum vacuum, bool isDryRun) => Write(json =>
    {
        json.WriteBoolean("dry_run", isDryRun);
        WriteNumbers(json, "kept", vacuum.Kept);
        WriteNumbers(json, "manifests", vacuum.Manifests);
        json.WriteStartArray("files");
        foreach (LakeRemovedFile file in vacuum.Files)
        {
            json.WriteStartObject();
            json.WriteString("key", file.Key);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("bytes", vacuum.Bytes);
    });

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        Terminal.WriteJson(stream.ToArray());
    }
}
