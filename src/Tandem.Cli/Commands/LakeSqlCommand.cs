using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem lake sql</c>: queries over the lake's tables.</summary>
internal static class LakeSqlCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Argument<string?> query = Query();
        Option<FileInfo> file = new("--file", "-f") { Description = "Take the statements from this file." };
        file.AcceptExistingOnly();
        Option<LakeMoment?> asOf = AsOf();
        Option<long?> manifest = new("--manifest")
        {
            Description = "Number of an older manifest; default the latest.",
        };
        Option<long> limit = Limit();
        Option<string> format = Format();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "sql", "Ask the lake by SQL: read-only, tables as views; Ctrl-C interrupts the query",
            "tandem lake sql", "tandem lake sql \"from play limit 10\"",
            "tandem lake sql --as-of 2026-01-31 --format csv --file query.sql", "tandem lake sql \"describe play\"")
        {
            query, file, spec, store, asOf, manifest, limit, format, json,
        };
        verb.HasOwnInterrupts = true;
        verb.Validators.Add(result =>
        {
            if (result.GetValue(query) is not null && result.GetValue(file) is not null)
            {
                result.AddError("Statements come from the command line or from --file, not from both.");
            }
        });
        verb.SetAction(async (result, _) =>
        {
            using Interrupts interrupts = new();
            CancellationToken cancellationToken = interrupts.Begin();
            string? sql = result.GetValue(file) is { } named
                ? await File.ReadAllTextAsync(named.FullName, cancellationToken)
                : result.GetValue(query);
            LinePrompt? prompt = sql is null ? terminal.Prompt("lake") : null;
            sql ??= prompt is null ? await Terminal.ReadAllAsync(cancellationToken) : "";
            LakeMoment moment = (result.GetValue(asOf) ?? new LakeMoment()) with
            {
                Manifest = result.GetValue(manifest),
            };
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            using LakeConsole console = await workspace.OpenLakeConsoleAsync(moment, cancellationToken);
            string form = result.GetValue(json) ? "json" : result.GetRequiredValue(format);
            LakeAnswer answer = new(terminal, console, form, result.GetValue(limit));
            if (prompt is null)
            {
                answer.ShowAll(sql, cancellationToken);
                return 0;
            }

            await new LakePrompt(terminal, prompt, console, answer, interrupts).RunAsync();
            return 0;
        });
        return verb;
    }

    private static Argument<string?> Query() => new("QUERY")
    {
        Description = "Statements that read, a semicolon between each two; where none is given a prompt asks for them, "
            + "and without a terminal they come from standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static Option<LakeMoment?> AsOf() => new("--as-of")
    {
        Description = "A moment (2026-01-31T12:00:00Z): what was known then. A whole number: the log before this "
            + "position.",
        CustomParser = ParseMoment,
    };

    private static Option<long> Limit() => new("--limit")
    {
        Description = "Most rows to show of each statement; 0 shows all.",
        DefaultValueFactory = _ => 100,
    };

    private static Option<string> Format()
    {
        Option<string> format = new("--format")
        {
            Description = "table, csv or json (one object a line).",
            DefaultValueFactory = _ => "table",
        };
        return format.AcceptOnlyFromAmong("table", "csv", "json");
    }

    private static LakeMoment? ParseMoment(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long position))
        {
            return new LakeMoment { Before = new JournalPosition(position) };
        }

        if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return new LakeMoment { KnownUntil = time };
        }

        argument.AddError(
            $"--as-of '{text}' is neither a moment, such as 2026-01-31T12:00:00Z, nor a position of the log.");
        return null;
    }
}
