using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tandem.Cli.Commands;

namespace Tandem.Cli;

/// <summary>The usual help, and below it the examples of the verb.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
        {
            Terminal.Write("Examples:\n");
            foreach (string example in verb.Examples)
            {
                Terminal.Write($"  {example}\n");
            }

            Terminal.Write("\n");
        }

        return code;
    }

    /// <summary>Puts examples into the help of a command and all below it.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction usual } help)
            {
                help.Action = new ExamplesHelp(usual);
            }
        }
    }
}
