using System.CommandLine;
using Tandem.Learning;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem compare</c>: ways to treat the same rows, side by side.</summary>
internal static class CompareCommand
{
    public static Verb Build(Terminal terminal)
    {
        Argument<string> what = new("WHAT") { Description = "What is compared: imbalance, methods for rare positives." };
        what.AcceptOnlyFromAmong("imbalance");
        Argument<string> spec = new("SPEC") { Description = "The system's file; its rows are examples with a binary label." };
        Option<string> data = new("--data")
        {
            Description = "Folder that holds the files its sources import.",
            Required = true,
        };
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "compare", "Compare methods for rare positives on a folder of data",
            "tandem compare imbalance examples/bank-marketing.yaml --data data/bank-marketing",
            "tandem compare imbalance examples/bank-marketing.yaml --data data/bank-marketing --json")
        {
            what, spec, data, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            EvaluationResult found = await terminal.ProgressAsync(progress => FolderEvaluation.CompareImbalanceAsync(
                result.GetRequiredValue(spec), result.GetRequiredValue(data), progress, cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(EvaluationJson.Write(found));
                return 0;
            }

            EvaluationTable.Show(terminal, found);
            TableReport.Show(terminal, found);
            return 0;
        });
        return verb;
    }
}
