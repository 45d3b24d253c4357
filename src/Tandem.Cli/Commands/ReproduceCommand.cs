using System.CommandLine;
using Tandem.Learning;
using Tandem.Workspace.Published;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem reproduce</c>: reaches published tables again on public data, and shows both side by
/// side.</summary>
internal static class ReproduceCommand
{
    public static Verb Build(Terminal terminal)
    {
        Argument<string> table = new("TABLE")
        {
            Description = "Which: " + string.Join(", ", PublishedTable.All.Select(static each => each.Name)) + ".",
        };
        Option<string> data = new("--data")
        {
            Description = "Folder of the data, or the folder that holds it under its own name.",
            Required = true,
        };
        Option<string[]> only = new("--only")
        {
            Description = "Kinds of models to fit beside the baselines; without it all of the table.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "reproduce", "Reach published results again on public data",
            "tandem reproduce gowalla --data data", "tandem reproduce beauty --data data/amazon-beauty --json",
            "tandem reproduce gowalla --data data --only graph_filter", "tandem reproduce bank --data data --json",
            "tandem reproduce omniglot --data data")
        {
            table, data, only, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            var published = PublishedTable.Find(result.GetRequiredValue(table));
            EvaluationResult found = await terminal.ProgressAsync(progress =>
                published.ReproduceAsync(
                    result.GetRequiredValue(data), progress, result.GetValue(only) ?? [], cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(EvaluationJson.Write(found));
                return 0;
            }

            EvaluationTable.Show(terminal, found);
            EvaluationTable.ShowSlices(terminal, found);
            TableReport.Show(terminal, found);
            EvaluationTable.ShowPublished(terminal, found, published.Figures);
            return 0;
        });
        return verb;
    }
}
