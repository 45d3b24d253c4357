using RadLine;
using Spectre.Console;

namespace Tandem.Cli;

/// <summary>Asks for lines on a terminal: with the arrow keys to edit them and to go back to earlier ones.</summary>
internal sealed class LinePrompt
{
    private readonly IAnsiConsole _console;
    private readonly LineEditor _first;
    private readonly LineEditor _next;

    /// <summary>Asks on a console.</summary>
    /// <param name="console">A terminal, on both sides.</param>
    /// <param name="name">What stands before a first line.</param>
    public LinePrompt(IAnsiConsole console, string name)
    {
        _console = console;
        _first = Editor($"[blue]{Markup.Escape(name)}>[/]");
        _next = Editor($"[grey]{new string(' ', name.Length - 1)}->[/]");
    }

    /// <summary>True once Ctrl-D was pressed on an empty line.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Asks for a line.</summary>
    /// <param name="isNext">True where it goes on with what the line before it began.</param>
    /// <param name="cancellationToken">Drops the line.</param>
    /// <returns>The line; empty at the end.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<string> ReadAsync(bool isNext, CancellationToken cancellationToken)
    {
        try
        {
            string? line = await (isNext ? _next : _first).ReadLine(cancellationToken);

            // The editor ends quietly where the token is cancelled between two keys, and throws at other moments.
            cancellationToken.ThrowIfCancellationRequested();
            return line ?? "";
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _console.WriteLine();
            }
        }
    }

    private LineEditor Editor(string prompt)
    {
        LineEditor editor = new(_console) { Prompt = new LineEditorPrompt(prompt) };
        editor.KeyBindings.Remove(ConsoleKey.UpArrow);
        editor.KeyBindings.Remove(ConsoleKey.DownArrow);
        editor.KeyBindings.Add<PreviousHistoryCommand>(ConsoleKey.UpArrow);
        editor.KeyBindings.Add<NextHistoryCommand>(ConsoleKey.DownArrow);
        editor.KeyBindings.Add<MoveHomeCommand>(ConsoleKey.A, ConsoleModifiers.Control);
        editor.KeyBindings.Add<MoveEndCommand>(ConsoleKey.E, ConsoleModifiers.Control);

        // What was typed or pasted before the terminal listens to single keys ends its lines by a line feed.
        editor.KeyBindings.Add<SubmitCommand>(ConsoleKey.Enter, ConsoleModifiers.Control);
        editor.KeyBindings.Add<SubmitCommand>(ConsoleKey.J, ConsoleModifiers.Control);
        editor.KeyBindings.Add(ConsoleKey.D, ConsoleModifiers.Control, () => new EndCommand(this));
        return editor;
    }

    /// <summary>Ends the prompt where nothing was typed on the line.</summary>
    private sealed class EndCommand(LinePrompt prompt) : LineEditorCommand
    {
        public override void Execute(LineEditorContext context)
        {
            if (context.Buffer.Length == 0)
            {
                prompt.IsEnd = true;
                context.Submit(SubmitAction.Cancel);
            }
        }
    }
}
