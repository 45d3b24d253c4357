using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Spectre.Console;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem lake sql</c>: one query over the lake's tables.</summary>
internal static class LakeSqlCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Argument<string?> query = new("QUERY")
        {
            Description = "One statement that reads; standard input where none is given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<LakeMoment?> asOf = new("--as-of")
        {
            Description = "A moment (2026-01-31T12:00:00Z): what was known then. A whole number: the log before this "
                + "position.",
            CustomParser = ParseMoment,
        };
        Option<long?> manifest = new("--manifest")
        {
            Description = "Number of an older manifest; default the latest.",
        };
        Option<long> limit = new("--limit")
        {
            Description = "Most rows to show; 0 shows all.",
            DefaultValueFactory = _ => 100,
        };
        Option<string> format = new("--format")
        {
            Description = "table, csv or json (one object a line).",
            DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong("table", "csv", "json");
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "sql", "Ask the lake by SQL: read-only, tables as views; Ctrl-C interrupts",
            "tandem lake sql \"from play limit 10\"",
            "tandem lake sql --as-of 2026-01-31 --format csv < query.sql", "tandem lake sql \"describe play\"")
        {
            query, spec, store, asOf, manifest, limit, format, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            string sql = result.GetValue(query) ?? await Terminal.ReadAllAsync(cancellationToken);
            LakeMoment moment = (result.GetValue(asOf) ?? new LakeMoment()) with { Manifest = result.GetValue(manifest) };
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            using LakeConsole console = await workspace.OpenLakeConsoleAsync(moment, cancellationToken);
            string form = result.GetValue(json) ? "json" : result.GetRequiredValue(format);
            using LakeReader reader = console.Query(
                sql, form == "json" ? LakeResultForm.Json : LakeResultForm.Text, cancellationToken);
            long most = result.GetValue(limit) is > 0 and long some ? some : long.MaxValue;
            Show(terminal, reader, form, most);
            return 0;
        });
        return verb;
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

    private static void Show(Terminal terminal, LakeReader reader, string form, long most)
    {
        List<IReadOnlyList<string>> table = [];
        if (form == "csv")
        {
            Terminal.Write(CsvLine(reader.Names));
        }

        long shown = 0;
        bool isCut = false;
        while (!isCut && reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                if (shown == most)
                {
                    isCut = true;
                    break;
                }

                shown++;
                string?[] values = [.. Enumerable.Range(0, reader.Names.Count).Select(i => reader.Text(i, row))];
                switch (form)
                {
                    case "json":
                        Terminal.Write(values[0] + "\n");
                        break;
                    case "csv":
                        Terminal.Write(CsvLine(values));
                        break;
                    default:
                        table.Add([.. values.Select(static value =>
                            value is null ? "[grey]null[/]" : Markup.Escape(value))]);
                        break;
                }
            }
        }

        if (form == "table")
        {
            terminal.Table(reader.Names, table, textColumns: reader.Names.Count);
            terminal.Say(isCut
                ? $"[yellow]The first {Terminal.Count(shown)} rows; --limit 0 shows all.[/]"
                : $"{Terminal.Count(shown)} rows.");
        }
    }

    /// <summary>A line of CSV (RFC 4180); null is empty, an empty text is quoted.</summary>
    private static string CsvLine(IEnumerable<string?> values)
    {
        StringBuilder line = new();
        foreach (string? value in values)
        {
            line.Append(line.Length == 0 ? "" : ",");
            bool isQuoted = value is "" || value?.AsSpan().IndexOfAny("\",\r\n") >= 0;
            line.Append(isQuoted ? $"\"{value!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value);
        }

        return line.Append('\n').ToString();
    }
}
