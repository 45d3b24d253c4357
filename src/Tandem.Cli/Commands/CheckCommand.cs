using System.CommandLine;
using Spectre.Console;
using Tandem.Faults;
using Tandem.Spec;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem check</c>: every fault of a tandem.yaml at once, and what this build does not run yet.</summary>
internal static class CheckCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Verb verb = new(
            "check", "Check a tandem.yaml: every fault at once, with line and column",
            "tandem check", "tandem check --spec examples/gowalla.yaml")
        {
            spec,
        };
        verb.SetAction(result =>
        {
            var file = SpecFile.Load(result.GetRequiredValue(spec), WorkspaceVocabulary.Build());
            IReadOnlyList<Fault> unsupported = SpecSupport.Find(file);
            terminal.Fail(unsupported);
            terminal.Say($"[green]{Markup.Escape(file.Spec!.Name)}[/] is valid. Hash [grey]{file.Hash}[/]");
            return unsupported.Count == 0 ? 0 : 1;
        });
        return verb;
    }
}
