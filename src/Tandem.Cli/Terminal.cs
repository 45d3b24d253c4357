using System.Globalization;
using RadLine;
using Spectre.Console;
using Tandem.Faults;

namespace Tandem.Cli;

/// <summary>The one place that writes to the console: tables, progress bars and messages for people on standard error
/// or output, JSON for machines on standard output.</summary>
internal sealed class Terminal
{
    // Width of text for people that goes to a file; faults stay on their line there, so that they can be searched for.
    private const int TableWidth = 120;
    private const int LineWidth = 10_000;

    private readonly IAnsiConsole _out;
    private readonly IAnsiConsole _error;

    public Terminal(bool isQuiet)
    {
        _out = Open(Console.Out, Console.IsOutputRedirected);
        _error = Open(Console.Error, Console.IsErrorRedirected);
        IsQuiet = isQuiet;
        if (Console.IsOutputRedirected)
        {
            _out.Profile.Width = TableWidth;
        }

        if (Console.IsErrorRedirected)
        {
            _error.Profile.Width = LineWidth;
        }
    }

    /// <summary>Where messages about wrong flags go.</summary>
    public static TextWriter Errors => Console.Error;

    /// <summary>True where a machine reads: only JSON goes to standard output.</summary>
    public bool IsQuiet { get; }

    /// <summary>Writes a line for people.</summary>
    public void Say(string markup = "")
    {
        if (!IsQuiet)
        {
            _out.MarkupLine(markup);
        }
    }

    /// <summary>Writes a heading for people.</summary>
    public void Head(string text)
    {
        Say();
        Say($"[bold]{Markup.Escape(text)}[/]");
    }

    /// <summary>Writes text as it is, to standard output, for people and machines.</summary>
    public static void Write(string text) => Console.Out.Write(text);

    /// <summary>Reads standard input to its end.</summary>
    public static Task<string> ReadAllAsync(CancellationToken cancellationToken) =>
        Console.In.ReadToEndAsync(cancellationToken);

    /// <summary>A prompt for lines, or null where no person is at the keyboard or the terminal cannot edit.</summary>
    /// <param name="name">What stands before each line.</param>
    public LinePrompt? Prompt(string name) =>
        IsQuiet || Console.IsInputRedirected || Console.IsOutputRedirected || !LineEditor.IsSupported(_out)
            ? null
            : new LinePrompt(_out, name);

    /// <summary>Writes bytes as they are to standard output, with a line end.</summary>
    public static void WriteJson(ReadOnlySpan<byte> utf8)
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write(utf8);
        output.Write("\n"u8);
    }

    /// <summary>Writes a table for people.</summary>
    public void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, int textColumns = 1)
    {
        if (IsQuiet)
        {
            return;
        }

        Table table = new Table().Border(TableBorder.Simple);
        for (int i = 0; i < heads.Count; i++)
        {
            TableColumn column = new(new Markup($"[grey]{Markup.Escape(heads[i])}[/]"));
            table.AddColumn(i < textColumns ? column : column.RightAligned());
        }

        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow([.. row.Select(cell => new Markup(cell))]);
        }

        _out.Write(table);
    }

    /// <summary>Shows progress bars while work runs; without a terminal, one line a finished step.</summary>
    public async Task<T> ProgressAsync<T>(Func<StepProgress, Task<T>> work)
    {
        if (IsQuiet || Console.IsErrorRedirected || !_error.Profile.Capabilities.Interactive)
        {
            return await work(new StepLines(this));
        }

        return await _error.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(),
                new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(async context => await work(new Bars(context)));
    }

    /// <summary>Shows a table that changes while work runs, and stays as it was at the end.</summary>
    /// <param name="rows">Gives the table's rows from what the work reports.</param>
    /// <param name="work">The work; what it gives is shown last.</param>
    public async Task<T> LiveAsync<T>(
        Func<T, IReadOnlyList<(string Name, string Value)>> rows, Func<IProgress<T>?, Task<T>> work)
    {
        if (IsQuiet || Console.IsOutputRedirected)
        {
            T quiet = await work(null);
            Table(["", ""], rows(quiet).Select(row => (IReadOnlyList<string>)[row.Name, row.Value]));
            return quiet;
        }

        Table live = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
        return await _out.Live(live).StartAsync(async context =>
        {
            T last = await work(new LiveRows<T>(value => Fill(live, context, rows(value))));
            Fill(live, context, rows(last));
            return last;
        });
    }

    /// <summary>Writes faults to standard error.</summary>
    public void Fail(IReadOnlyList<Fault> faults)
    {
        foreach (Fault fault in faults)
        {
            string place = fault.Place is null ? "" : $"[grey]{Markup.Escape(fault.Place)}[/] ";
            _error.MarkupLine($"{place}[red bold]{fault.Code}[/] {Markup.Escape(fault.What)}");
            if (fault.Expected is { } expected)
            {
                _error.MarkupLine($"  [grey]expected[/] {Markup.Escape(expected)}");
            }

            if (fault.Nearest is { } nearest)
            {
                _error.MarkupLine($"  [grey]did you mean[/] [green]{Markup.Escape(nearest)}[/]?");
            }

            _error.MarkupLine($"  [grey]→[/] {Markup.Escape(fault.Remedy)}");
        }
    }

    /// <summary>Formats a count with thousands marks.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a number with a fixed number of decimals.</summary>
    public static string Number(double value, int decimals = 4) =>
        value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static void Fill(Table table, LiveDisplayContext context, IReadOnlyList<(string Name, string Value)> rows)
    {
        table.Rows.Clear();
        foreach ((string name, string value) in rows)
        {
            table.AddRow($"[grey]{Markup.Escape(name)}[/]", Markup.Escape(value));
        }

        context.Refresh();
    }

    /// <summary>Colours only where a person looks: files and pipes get plain text.</summary>
    private static IAnsiConsole Open(TextWriter writer, bool isRedirected) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    /// <summary>Shows what is reported, one at a time.</summary>
    private sealed class LiveRows<T>(Action<T> show) : IProgress<T>
    {
        private readonly Lock _gate = new();

        public void Report(T value)
        {
            lock (_gate)
            {
                show(value);
            }
        }
    }

    private sealed class StepLines(Terminal terminal) : StepProgress
    {
        private string _last = "";

        public override void Report((string Step, double Share) value)
        {
            if (value.Share >= 1 && value.Step != _last)
            {
                _last = value.Step;
                terminal.Say($"  [grey]{Markup.Escape(value.Step)}[/]");
            }
        }
    }

    private sealed class Bars(ProgressContext context) : StepProgress
    {
        private readonly Dictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);
        private readonly Lock _gate = new();

        public override void Report((string Step, double Share) value)
        {
            lock (_gate)
            {
                if (!_tasks.TryGetValue(value.Step, out ProgressTask? task))
                {
                    task = context.AddTask(Markup.Escape(value.Step), maxValue: 1);
                    _tasks.Add(value.Step, task);
                }

                task.Value = Math.Max(task.Value, value.Share);
            }
        }

        public override void Note(string step, string note)
        {
            lock (_gate)
            {
                if (_tasks.TryGetValue(step, out ProgressTask? task))
                {
                    task.Description = $"{Markup.Escape(step)} [grey]{Markup.Escape(note)}[/]";
                }
            }
        }
    }
}
