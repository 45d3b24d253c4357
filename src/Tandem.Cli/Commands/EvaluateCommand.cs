using System.CommandLine;
using Tandem.Learning;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem evaluate</c>: fits and judges the models of a file on a folder of data, registering
/// nothing.</summary>
internal static class EvaluateCommand
{
    public static Verb Build(Terminal terminal)
    {
        Argument<string> spec = new("SPEC") { Description = "The system's file." };
        Option<string> data = new("--data")
        {
            Description = "Folder that holds the files its sources import.",
            Required = true,
        };
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "evaluate", "Fit and judge models on a folder of data, without registering",
            "tandem evaluate examples/gowalla.yaml --data data/gowalla",
            "tandem evaluate examples/amazon-beauty.yaml --data data/amazon-beauty --json")
        {
            spec, data, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            EvaluationResult evaluation = await terminal.ProgressAsync(progress => FolderEvaluation.RunAsync(
                result.GetRequiredValue(spec), result.GetRequiredValue(data), progress, cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(EvaluationJson.Write(evaluation));
            }
            else
            {
                EvaluationTable.Show(terminal, evaluation);
            }

            return 0;
        });
        return verb;
    }
}
