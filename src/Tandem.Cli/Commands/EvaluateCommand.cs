using System.CommandLine;
using Spectre.Console;
using Tandem.Learning;
using Tandem.Workspace;
using Tandem.Workspace.Demo;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem evaluate</c>: fits and judges the models of a file on a folder of data, registering
/// nothing.</summary>
internal static class EvaluateCommand
{
    public static Verb Build(Terminal terminal)
    {
        Argument<string> spec = new("SPEC") { Description = "The system's file." };
        Option<string?> data = new("--data") { Description = "Folder that holds the files its sources import." };
        Option<double?> world = new("--world")
        {
            Description = "Instead of data: two weeks of the demonstration's world, of a size from 0.02 to 10. Its oracle is " +
                "judged beside the models.",
        };
        Option<ulong> seed = new("--seed") { Description = "Seed of the world.", DefaultValueFactory = _ => 1 };
        Option<int> sampled = Sampled();
        Option<double> update = Update();
        Option<int?> explain = Explain();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "evaluate", "Fit and judge models on a folder of data, without registering",
            "tandem evaluate examples/gowalla.yaml --data data/gowalla",
            "tandem evaluate examples/amazon-beauty.yaml --data data/amazon-beauty --json",
            "tandem evaluate examples/bank-marketing.yaml --data data/bank-marketing",
            "tandem evaluate examples/bank-marketing.yaml --data data/bank-marketing --explain 17",
            "tandem evaluate examples/video-two-tower.yaml --world 1")
        {
            spec, data, world, seed, sampled, update, explain, json,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(data) is null == result.GetValue(world) is null
                || (result.GetValue(explain) is not null && result.GetValue(data) is null))
            {
                result.AddError("Give either --data DIR or --world SIZE; --explain ROW needs --data.");
            }

            if (result.GetValue(update) is not (>= 0 and < 1))
            {
                result.AddError("--update takes a share of the rows, 0 to below 1.");
            }
        });
        verb.SetAction(async (result, cancellationToken) =>
        {
            EvaluationResult evaluation = await terminal.ProgressAsync(progress =>
                result.GetValue(data) is { } folder
                    ? FolderEvaluation.RunAsync(
                        result.GetRequiredValue(spec), folder, progress, result.GetValue(sampled), result.GetValue(update),
                        result.GetValue(explain), cancellationToken)
                    : VideoDemo.EvaluateAsync(
                        result.GetRequiredValue(spec), result.GetValue(world) ?? 1, result.GetValue(seed), progress,
                        cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(EvaluationJson.Write(evaluation));
            }
            else
            {
                Show(terminal, evaluation, isSampled: result.GetValue(sampled) > 0);
            }

            return 0;
        });
        return verb;
    }

    private static Option<int> Sampled()
    {
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
        return sampled;
    }

    private static Option<int?> Explain() => new("--explain")
    {
        Description = "Of a table: say of this row, counted from 1 as the files are read, what each feature adds to the best " +
            "model's score.",
    };

    private static Option<double> Update() => new("--update")
    {
        Description = "Also fit models that can without this share of the training rows, the newest, and let them go on with " +
            "it: what an update costs and is worth beside fitting on all. 0 for none.",
    };

    private static void Show(Terminal terminal, EvaluationResult evaluation, bool isSampled)
    {
        SearchTable.Show(terminal, evaluation.Searches ?? []);
        EvaluationTable.Show(terminal, evaluation);
        EvaluationTable.ShowSlices(terminal, evaluation);
        TableReport.Show(terminal, evaluation);
        ShowOracle(terminal, evaluation);
        if (isSampled)
        {
            terminal.Say(
                "[yellow]Sampled figures are good for comparing with a paper that has them and for nothing else: " +
                "they order models otherwise than full ones (Krichene and Rendle, 2020).[/]");
        }
    }

    /// <summary>What share of the oracle's figures each model reaches, where there is an oracle.</summary>
    private static void ShowOracle(Terminal terminal, EvaluationResult evaluation)
    {
        if (evaluation.Models.FirstOrDefault(static model => model.Name == VideoDemo.OracleName) is not { } oracle)
        {
            return;
        }

        string[] metrics = [.. oracle.Metrics.Keys];
        terminal.Table(
            ["of the oracle's", .. metrics],
            evaluation.Models.Where(model => model != oracle).Select(model => (IReadOnlyList<string>)
            [
                Markup.Escape(model.Name),
                .. metrics.Select(metric =>
                    $"{Terminal.Number(100 * model.Metrics.GetValueOrDefault(metric) / oracle.Metrics[metric], 0)} %"),
            ]));
    }
}
