using System.CommandLine;
using Spectre.Console;
using Tandem.Registry;
using Tandem.Training;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem train</c>: one run of the training loop.</summary>
internal static class TrainCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "train", "Read the lake, fit, judge, register; promote if the gate lets it", "tandem train",
            "tandem train --json")
        {
            spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            TrainingRun run = await terminal.ProgressAsync(progress => workspace.TrainAsync(
                TrainingCause.Manual, progress, cancellationToken: cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(TrainingJson.Write(run));
            }
            else
            {
                Show(terminal, run);
            }

            return run.Verdict.IsPromoted ? 0 : 1;
        });
        return verb;
    }

    /// <summary>Says what a run read, fitted and decided.</summary>
    public static void Show(Terminal terminal, TrainingRun run)
    {
        terminal.Say(
            $"Read {Terminal.Count(run.Rows)} rows from lake manifest {run.Manifest} " +
            $"[grey](training set {Markup.Escape(run.TrainingSet[..Math.Min(19, run.TrainingSet.Length)])}…)[/]");
        FeaturesSetsCommand.Show(terminal, run.Leaks);
        if (run.Search is { } search)
        {
            SearchTable.Show(terminal, search);
        }

        EvaluationTable.Show(terminal, run.Evaluation, run.Best);
        if (run.Rank is { } rank)
        {
            RankTable.Show(terminal, rank);
        }

        if (run.Start is { } start)
        {
            terminal.Say($"{Markup.Escape(run.Best)} {Markup.Escape(start)}");
        }

        string colour = run.Verdict.IsPromoted ? "green" : "yellow";
        string version = run.Version is { } number ? $"Version {number} ({Markup.Escape(run.Best)}) registered. " : "";
        terminal.Say(
            $"{version}[{colour}]{(run.Verdict.IsPromoted ? "Promoted" : "Not promoted")}[/]: " +
            $"{Markup.Escape(run.Verdict.Reason)}");
    }
}
