using Spectre.Console;
using Tandem.Faults;
using Tandem.Lake;

namespace Tandem.Cli.Commands;

/// <summary>The prompt of <c>tandem lake sql</c>: asks for statements until <c>.quit</c> or Ctrl-D. A statement that
/// fails or is interrupted leaves the prompt as it was.</summary>
internal sealed class LakePrompt(
    Terminal terminal, LinePrompt prompt, LakeConsole console, LakeAnswer answer, Interrupts interrupts)
{
    private const string Words = ".tables, .schema TABLE, .quit";

    /// <summary>Asks and answers.</summary>
    /// <exception cref="OperationCanceledException">The program was asked to end.</exception>
    public async Task RunAsync()
    {
        terminal.Say($"Manifest {console.Manifest.Number}. A line that ends with ; runs what was typed. {Words}.");
        string typed = "";
        bool isQuit = false;
        while (!isQuit && !prompt.IsEnd)
        {
            CancellationToken cancellationToken = interrupts.Begin();
            try
            {
                string line = await prompt.ReadAsync(isNext: typed.Length > 0, cancellationToken);
                if (typed.Length == 0 && line.StartsWith('.'))
                {
                    isQuit = Obey(line, cancellationToken);
                    continue;
                }

                typed = string.IsNullOrWhiteSpace(typed + line) ? "" : $"{typed}{line}\n";
                if (line.TrimEnd().EndsWith(';'))
                {
                    string sql = typed;
                    typed = "";
                    answer.ShowAll(sql, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (!interrupts.IsEnd)
            {
                terminal.Say(typed.Length == 0 ? "[yellow]Interrupted.[/]" : "[yellow]Dropped.[/]");
                typed = "";
            }
            catch (TandemException exception)
            {
                terminal.Fail(exception.Faults);
            }
        }
    }

    /// <summary>Does what a word with a dot says.</summary>
    /// <returns>True where it says to end.</returns>
    private bool Obey(string line, CancellationToken cancellationToken)
    {
        switch (line.TrimEnd(' ', ';').Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case [".quit"]:
                return true;
            case [".tables"]:
                terminal.Say(Markup.Escape(string.Join('\n', console.Tables)));
                return false;
            case [".schema", string table]:
                answer.ShowColumns(table, cancellationToken);
                return false;
            default:
                terminal.Say($"[yellow]{Markup.Escape(line)} is none of {Words}.[/]");
                return false;
        }
    }
}
