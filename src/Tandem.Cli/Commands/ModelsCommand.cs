using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tandem.Registry;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem models</c>: versions, lineage and promotions; moves the champion alias.</summary>
internal static class ModelsCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<int?> promote = new("--promote") { Description = "Make this version the champion." };
        Option<int?> show = new("--show")
        {
            Description = "Show what this version's ranking model leans on, and how it compares with retrieval.",
        };
        Option<string> why = new("--why")
        {
            Description = "Why, for the audit trail.",
            DefaultValueFactory = _ => "by hand",
        };
        Verb verb = new(
            "models", "List model versions with lineage; promote or roll back by hand",
            "tandem models", "tandem models --show 3", "tandem models --promote 3 --why \"roll back: version 4 hides new videos\"")
        {
            spec, store, promote, show, why,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            if (result.GetValue(show) is { } shown)
            {
                await ShowRankAsync(terminal, workspace, shown, cancellationToken);
                return 0;
            }

            if (result.GetValue(promote) is { } version)
            {
                AliasChange change = await workspace.Registry.SetAliasAsync(
                    workspace.Spec.Name, "champion", version, Environment.UserName, result.GetRequiredValue(why),
                    cancellationToken: cancellationToken);
                terminal.Say(
                    $"Champion: [green]{change.Version}[/] (was " +
                    $"{change.Previous?.ToString(CultureInfo.InvariantCulture) ?? "none"}).");
            }

            await ShowAsync(terminal, workspace, cancellationToken);
            return 0;
        });
        return verb;
    }

    private static async Task ShowRankAsync(
        Terminal terminal, TandemWorkspace workspace, int number, CancellationToken cancellationToken)
    {
        string name = number.ToString(CultureInfo.InvariantCulture);
        if (await workspace.Registry.FindAsync(workspace.Spec.Name, name, cancellationToken) is not { } version)
        {
            terminal.Say($"There is no version {name}. List them: [bold]tandem models[/]");
        }
        else if (await workspace.RankReportAsync(version, cancellationToken) is { } report)
        {
            RankTable.Show(terminal, report);
        }
        else
        {
            terminal.Say($"Version {name} serves the order of retrieval ({Markup.Escape(version.Kind)}): it was trained without model.rank.");
        }
    }

    private static async Task ShowAsync(
        Terminal terminal, TandemWorkspace workspace, CancellationToken cancellationToken)
    {
        AliasChange? champion = await workspace.Registry.AliasAsync(
            workspace.Spec.Name, "champion", cancellationToken);
        List<IReadOnlyList<string>> rows = [];
        await foreach (ModelVersion version in workspace.Registry.ListAsync(workspace.Spec.Name, cancellationToken))
        {
            ModelLineage lineage = version.Lineage;
            rows.Add(
            [
                version.Number == champion?.Version ? $"[green]{version.Number} champion[/]" : $"{version.Number}",
                version.Kind,
                version.Created.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                lineage.Cause.ToString().ToLowerInvariant(),
                Markup.Escape(lineage.TrainingSetHash[..Math.Min(19, lineage.TrainingSetHash.Length)])
                    + (await workspace.IsErasedFromAsync(version, cancellationToken) ? " [yellow]erased since[/]" : ""),
                string.Join("  ", lineage.Metrics.Take(3).Select(metric =>
                    $"{metric.Key} {Terminal.Number(metric.Value.Value)}")),
            ]);
        }

        if (rows.Count == 0)
        {
            terminal.Say("No version yet. Next: [bold]tandem train[/]");
            return;
        }

        terminal.Table(["version", "kind", "made", "cause", "training set", "metrics"], rows, textColumns: 6);
        if (champion is not null)
        {
            terminal.Say(
                $"Champion since {champion.Time:yyyy-MM-dd HH:mm} by {Markup.Escape(champion.By)}: " +
                $"{Markup.Escape(champion.Why)}");
        }
    }
}
