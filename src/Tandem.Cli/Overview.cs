using Tandem.Cli.Commands;

namespace Tandem.Cli;

/// <summary>What <c>tandem</c> without arguments shows: the verbs by loop, a line each.</summary>
internal static class Overview
{
    private static readonly (string Head, string[] Verbs)[] Groups =
    [
        ("Start", ["demo", "new", "check", "schema"]),
        ("Training loop", ["import", "quarantine", "train", "evaluate", "models"]),
        ("Serving loop", ["up", "replay"]),
        ("Look inside", ["log", "lake", "features", "forget", "bench"]),
    ];

    public static int Show(Terminal terminal, IReadOnlyList<Verb> verbs)
    {
        terminal.Say("[bold]Tandem[/]  an end-to-end machine-learning system in one box");
        foreach ((string head, string[] names) in Groups)
        {
            terminal.Head(head);
            foreach (string name in names)
            {
                Verb verb = verbs.First(verb => verb.Name == name);
                terminal.Say($"  [green]{name,-10}[/] {verb.Description}");
            }
        }

        terminal.Say();
        terminal.Say("  tandem VERB --help   flags and examples of a verb");
        terminal.Say("  tandem demo          both loops on a synthetic world, in about two minutes");
        return 0;
    }
}
