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
        Option<int> sampled = new("--sampled")
        {
            Description = "Rank the right items among this many drawn at random, to compare with a paper that did. " +
                "Such figures order models wrongly; 0 ranks all.",
        };
        sampled.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--sampled takes a count of items, 0 or more.");
            }
        });
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "evaluate", "Fit and judge models on a folder of data, without registering",
            "tandem evaluate examples/gowalla.yaml --data data/gowalla",
            "tandem evaluate examples/amazon-beauty.yaml --data data/amazon-beauty --json")
        {
            spec, data, sampled, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            EvaluationResult evaluation = await terminal.ProgressAsync(progress => FolderEvaluation.RunAsync(
                result.GetRequiredValue(spec), result.GetRequiredValue(data), progress, result.GetValue(sampled),
                cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(EvaluationJson.Write(evaluation));
            }
            else
            {
                EvaluationTable.Show(terminal, evaluation);
                EvaluationTable.ShowSlices(terminal, evaluation);
                if (result.GetValue(sampled) > 0)
                {
                    terminal.Say(
                        "[yellow]Sampled figures are good for comparing with a paper that has them and for nothing else: " +
                        "they order models otherwise than full ones (Krichene and Rendle, 2020).[/]");
                }
            }

            return 0;
        });
        return verb;
    }
}
