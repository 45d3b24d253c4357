using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Tandem.Events;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem quarantine</c>: rows that were refused; shows, replays and drops them.</summary>
internal static class QuarantineCommand
{
    private const int ShownText = 60;
    private const int DefaultLimit = 50;

    public static Verb Build(Terminal terminal) => new(
        "quarantine", "List, show, replay or drop the rows that were refused",
        "tandem quarantine list", "tandem quarantine show 00001767323045000000:1",
        "tandem quarantine replay --source play", "tandem quarantine drop --all")
    {
        List(terminal), Show(terminal), Replay(terminal), Drop(terminal),
    };

    private static Verb List(Terminal terminal)
    {
        (Option<string> spec, Option<string?> store, Option<bool> json) = (Flags.Spec(), Flags.Store(), Flags.Json());
        Option<string?> source = Source();
        Option<int> limit = new("--limit")
        {
            Description = "Most rows to list.",
            DefaultValueFactory = _ => DefaultLimit,
        };
        Verb verb = new(
            "list", "List rows, oldest first", "tandem quarantine list --source play --limit 10",
            "tandem quarantine list --json")
        {
            spec, store, source, limit, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            long count = await workspace.Quarantine.CountAsync(cancellationToken);
            List<QuarantinedRow> rows = await workspace
                .QuarantinedAsync(QuarantineRange.All, result.GetValue(source), cancellationToken)
                .Take(result.GetValue(limit)).ToListAsync(cancellationToken);
            if (result.GetValue(json))
            {
                WriteJson(new RowsBody(count, [.. rows.Select(RowBody.From)]), QuarantineJson.Default.RowsBody);
                return 0;
            }

            terminal.Table(
                ["id", "refused", "source", "code", "from", "text"],
                rows.Select(static row => (IReadOnlyList<string>)
                [
                    row.Id, row.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    Markup.Escape(row.Source), row.Code, Markup.Escape(From(row)), Markup.Escape(Cut(row.Text)),
                ]),
                textColumns: 6);
            terminal.Say($"{Terminal.Count(rows.Count)} of {Terminal.Count(count)} rows in quarantine.");
            return 0;
        });
        return verb;
    }

    private static Verb Show(Terminal terminal)
    {
        (Option<string> spec, Option<string?> store, Option<bool> json) = (Flags.Spec(), Flags.Store(), Flags.Json());
        Argument<string> id = new("id") { Description = "Id of the row, as the list shows it." };
        Verb verb = new(
            "show", "Show one row whole, with the reason", "tandem quarantine show 00001767323045000000:1")
        {
            id, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            string wanted = result.GetRequiredValue(id);
            QuarantinedRow row = await workspace
                .QuarantinedAsync(new QuarantineRange(wanted, wanted), null, cancellationToken)
                .FirstAsync(cancellationToken);
            if (result.GetValue(json))
            {
                WriteJson(RowBody.From(row), QuarantineJson.Default.RowBody);
                return 0;
            }

            terminal.Say($"[bold]{row.Id}[/]  refused {row.Time:yyyy-MM-dd HH:mm:ss} UTC, {Markup.Escape(From(row))}");
            terminal.Say($"[red bold]{row.Code}[/] {Markup.Escape(row.Message)}");
            if (row.IsPartial == true)
            {
                terminal.Say("[yellow]Not all of the text was kept: it was too long, or not valid UTF-8.[/]");
            }

            terminal.Say();
            terminal.Say(Markup.Escape(row.Text));
            return 0;
        });
        return verb;
    }

    private static Verb Replay(Terminal terminal)
    {
        (Option<string> spec, Option<string?> store, Option<bool> json) = (Flags.Spec(), Flags.Store(), Flags.Json());
        (Option<string?> source, Option<string?> ids) = (Source(), Ids());
        Verb verb = new(
            "replay", "Put rows through the door again, after tandem.yaml was mended; each becomes an event once",
            "tandem quarantine replay", "tandem quarantine replay --source play --json")
        {
            spec, store, source, ids, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            QuarantineReplay replay = await workspace.ReplayQuarantineAsync(
                Range(result.GetValue(ids)), result.GetValue(source), cancellationToken);
            if (result.GetValue(json))
            {
                WriteJson(replay, QuarantineJson.Default.QuarantineReplay);
                return replay.Refused == 0 ? 0 : 1;
            }

            terminal.Say($"[green]{Terminal.Count(replay.Accepted)}[/] rows are events now.");
            foreach ((string code, long count) in replay.Reasons)
            {
                terminal.Say($"[yellow]{Terminal.Count(count)}[/] were refused again: {code}");
            }

            if (replay.Partial > 0)
            {
                terminal.Say($"[yellow]{Terminal.Count(replay.Partial)}[/] were not kept whole, and stay.");
            }

            if (replay.FromFiles > 0)
            {
                terminal.Say(
                    $"{Terminal.Count(replay.FromFiles)} rows of files could not be cut into fields, and stay. Next: correct " +
                    "the file, [bold]tandem import[/], which adds each row once; then [bold]tandem quarantine drop[/].");
            }

            return replay.Refused == 0 ? 0 : 1;
        });
        return verb;
    }

    private static Verb Drop(Terminal terminal)
    {
        (Option<string> spec, Option<string?> store, Option<bool> json) = (Flags.Spec(), Flags.Store(), Flags.Json());
        (Option<string?> source, Option<string?> ids) = (Source(), Ids());
        Option<bool> all = new("--all") { Description = "Drop every row (of the source, where one is named)." };
        Verb verb = new(
            "drop", "Remove rows for good; a receipt of their ids stays",
            "tandem quarantine drop --ids 00001767323045000000:1..00001767323045000000:9",
            "tandem quarantine drop --all --source play")
        {
            spec, store, source, ids, all, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            string? range = result.GetValue(ids);
            if (result.GetValue(all) == range is not null)
            {
                throw QuarantineRange.NotSaid();
            }

            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            (long count, string? receipt) = await workspace.DropQuarantinedAsync(
                Range(range), result.GetValue(source), cancellationToken);
            if (result.GetValue(json))
            {
                WriteJson(new DropBody(count, receipt), QuarantineJson.Default.DropBody);
                return 0;
            }

            terminal.Say($"Dropped [green]{Terminal.Count(count)}[/] rows." +
                (receipt is null ? "" : $" Receipt: quarantine/{receipt}"));
            return 0;
        });
        return verb;
    }

    private static Option<string?> Source() => new("--source")
    {
        Description = "Only rows meant for this source.",
    };

    private static Option<string?> Ids() => new("--ids")
    {
        Description = "Only this row, or FIRST..LAST in the order of the list.",
    };

    private static QuarantineRange Range(string? ids) => ids is null ? QuarantineRange.All : QuarantineRange.Parse(ids);

    private static string From(QuarantinedRow row) => row.File is null ? "sent" : $"{row.File}:{row.Line}";

    private static string Cut(string text) => text.Length <= ShownText ? text : text[..ShownText] + "…";

    private static void WriteJson<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        Terminal.WriteJson(JsonSerializer.SerializeToUtf8Bytes(value, type));
}

/// <summary>A list of rows for machines.</summary>
/// <param name="Count">Rows in quarantine.</param>
/// <param name="Rows">Those that were asked for.</param>
internal sealed record RowsBody(long Count, IReadOnlyList<RowBody> Rows);

/// <summary>A row for machines.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">When it was refused.</param>
/// <param name="Source">Source it was meant for, or empty.</param>
/// <param name="Code">Code of the fault.</param>
/// <param name="Message">What was wrong.</param>
/// <param name="File">File it came from, or absent.</param>
/// <param name="Line">Its line there, or its place in the request.</param>
/// <param name="IsPartial">True where the text is not all that came.</param>
/// <param name="Text">The row.</param>
internal sealed record RowBody(
    string Id, DateTimeOffset Time, string Source, string Code, string Message, string? File, long? Line, bool? IsPartial,
    string Text)
{
    public static RowBody From(QuarantinedRow row) => new(
        row.Id, row.Time, row.Source, row.Code, row.Message, row.File, row.Line, row.IsPartial, row.Text);
}

/// <summary>What was dropped, for machines.</summary>
/// <param name="Dropped">How many rows.</param>
/// <param name="Receipt">Name of the receipt, or absent.</param>
internal sealed record DropBody(long Dropped, string? Receipt);

/// <summary>Names in snake case, absent where null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RowsBody))]
[JsonSerializable(typeof(DropBody))]
[JsonSerializable(typeof(QuarantineReplay))]
internal sealed partial class QuarantineJson : JsonSerializerContext;
