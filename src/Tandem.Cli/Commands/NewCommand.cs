using System.CommandLine;
using Spectre.Console;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem new</c>: writes a commented tandem.yaml.</summary>
internal static class NewCommand
{
    public static Verb Build(Terminal terminal)
    {
        Argument<string> name = new("NAME") { Description = "Name of the system; a folder of this name is made." };
        Option<string> from = new("--from")
        {
            Description = "What to start from.",
            DefaultValueFactory = _ => "blank",
        };
        from.AcceptOnlyFromAmong("video", "ads", "blank");
        Verb verb = new(
            "new", "Write a commented tandem.yaml to start from", "tandem new feed --from video", "tandem new shop")
        {
            name, from,
        };
        verb.SetAction(result =>
        {
            string path = NewSystem.Create(result.GetRequiredValue(name), result.GetRequiredValue(from));
            terminal.Say($"Wrote [green]{Markup.Escape(path)}[/].");
            terminal.Say($"Next: [bold]tandem check --spec {Markup.Escape(path)}[/]");
            return 0;
        });
        return verb;
    }
}
