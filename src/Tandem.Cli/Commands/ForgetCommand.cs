using System.CommandLine;
using Spectre.Console;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem forget</c>: removes a person from everything durable, with a receipt.</summary>
internal static class ForgetCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<string> user = new("--user") { Description = "The person's id.", Required = true };
        Option<string> entity = new("--entity")
        {
            Description = "The entity that the id is of.",
            DefaultValueFactory = _ => "user",
        };
        Option<bool> dryRun = new("--dry-run") { Description = "Say what would be rewritten, and rewrite nothing." };
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "forget", "Erase a person from log, lake, training sets and quarantine, with a receipt",
            "tandem forget --user u42 --dry-run", "tandem forget --user u42 --json")
        {
            user, entity, dryRun, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            bool isDryRun = result.GetValue(dryRun);
            ForgetReceipt receipt = await workspace.ForgetAsync(
                result.GetRequiredValue(entity), result.GetRequiredValue(user), isDryRun, cancellationToken);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(receipt.ToJson());
                return 0;
            }

            Show(terminal, receipt, isDryRun);
            return 0;
        });
        return verb;
    }

    private static void Show(Terminal terminal, ForgetReceipt receipt, bool isDryRun)
    {
        terminal.Table(
            ["place", "rewritten", "lines or rows"],
            [
                ["raw log", $"{receipt.Log.Count} segments", Terminal.Count(receipt.Log.Sum(s => s.Lines))],
                [
                    "lake", $"{receipt.LakeFiles.Count} files, {receipt.Manifests.Count} manifests",
                    Terminal.Count(receipt.LakeFiles.Sum(f => f.Rows)),
                ],
                [
                    "training sets", $"{receipt.TrainingSets.Count} sets",
                    Terminal.Count(receipt.TrainingSets.Sum(s => (long)s.Rows)),
                ],
                ["quarantine", "", Terminal.Count(receipt.QuarantinedRows)],
            ]);
        foreach ((string hash, int _, string successor) in receipt.TrainingSets)
        {
            terminal.Say($"Training set {Markup.Escape(hash)} is succeeded by {Markup.Escape(successor)}");
        }

        if (receipt.Models.Count > 0)
        {
            terminal.Say(
                $"[yellow]Model versions {string.Join(", ", receipt.Models)} were trained with the person[/] and may " +
                "still hold the id. Next: [bold]tandem train[/]");
        }

        terminal.Say(isDryRun
            ? "Nothing was rewritten."
            : "[green]Forgotten.[/] A scan of log, lake, training sets and quarantine finds the id no more.");
    }
}
