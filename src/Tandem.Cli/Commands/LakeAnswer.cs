using System.Text;
using Spectre.Console;
using Tandem.Lake;

namespace Tandem.Cli.Commands;

/// <summary>Runs queries and shows their rows as tables, as CSV, or as JSON lines.</summary>
/// <param name="terminal">Where they are shown.</param>
/// <param name="console">What answers.</param>
/// <param name="form">table, csv or json.</param>
/// <param name="limit">Most rows to show of each query; 0 shows all.</param>
internal sealed class LakeAnswer(Terminal terminal, LakeConsole console, string form, long limit)
{
    private readonly LakeResultForm _form = form == "json" ? LakeResultForm.Json : LakeResultForm.Text;
    private bool _isFirst = true;

    /// <summary>Runs one statement after the other; the first that fails ends it.</summary>
    public void ShowAll(string sql, CancellationToken cancellationToken)
    {
        // Where nothing is asked, the console says what it takes.
        IReadOnlyList<string> statements = console.Statements(sql);
        foreach (string statement in statements is [] ? [sql] : statements)
        {
            using LakeReader reader = console.Query(statement, _form, cancellationToken);
            Show(reader);
        }
    }

    /// <summary>Shows the columns of a table.</summary>
    public void ShowColumns(string table, CancellationToken cancellationToken)
    {
        using LakeReader reader = console.Describe(table, _form, cancellationToken);
        Show(reader);
    }

    private void Show(LakeReader reader)
    {
        long most = limit > 0 ? limit : long.MaxValue;
        List<IReadOnlyList<string>> table = [];
        if (form == "csv")
        {
            Terminal.Write(_isFirst ? "" : "\n");
            _isFirst = false;
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
