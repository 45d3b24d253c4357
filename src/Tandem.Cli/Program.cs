using System.CommandLine;
using System.CommandLine.Invocation;
using Tandem.Cli.Commands;
using Tandem.Faults;

namespace Tandem.Cli;

/// <summary>The terminal: verbs, flags, exit codes. Exit 0: done; 1: it ran and the answer is no (a refused
/// promotion, a failed check); 2: the input is wrong; 3: something outside is missing or broken; 130:
/// stopped.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        Terminal terminal = new(isQuiet: args.Contains("--json"));
        RootCommand root = Build(terminal);
        try
        {
            ParseResult result = root.Parse(args);
            if (result.Action is ParseErrorAction wrong)
            {
                wrong.ShowHelp = false;
                await result.InvokeAsync(new InvocationConfiguration { Output = Terminal.Errors });
                return 2;
            }

            InvocationConfiguration invocation = new() { EnableDefaultExceptionHandler = false };
            if (result.CommandResult.Command is Verb { HasOwnInterrupts: true })
            {
                invocation.ProcessTerminationTimeout = null;
            }

            return await result.InvokeAsync(invocation);
        }
        catch (TandemException exception)
        {
            terminal.Fail(exception.Faults);
            return exception.Fault.Kind is FaultKind.Unavailable or FaultKind.Damaged or FaultKind.Busy ? 3 : 2;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private static RootCommand Build(Terminal terminal)
    {
        Verb[] verbs =
        [
            DemoCommand.Build(terminal),
            AdviseCommand.Build(terminal),
            NewCommand.Build(terminal),
            SchemaCommand.Build(),
            CheckCommand.Build(terminal),
            ImportCommand.Build(terminal),
            QuarantineCommand.Build(terminal),
            TrainCommand.Build(terminal),
            EvaluateCommand.Build(terminal),
            ReproduceCommand.Build(terminal),
            EncoderCommand.Build(terminal),
            CompareCommand.Build(terminal),
            ModelsCommand.Build(terminal),
            LakeCommand.Build(terminal),
            FeaturesCommand.Build(terminal),
            ForgetCommand.Build(terminal),
            UpCommand.Build(terminal),
            ReplayCommand.Build(terminal),
            LogCommand.Build(terminal),
            BenchCommand.Build(terminal),
        ];
        RootCommand root = new("Tandem: an end-to-end machine-learning system in one box.");
        foreach (Verb verb in verbs)
        {
            root.Subcommands.Add(verb);
        }

        ExamplesHelp.AddTo(root);
        root.SetAction(_ => Overview.Show(terminal, verbs));
        return root;
    }
}
