using System.CommandLine;

namespace Tandem.Cli.Commands;

/// <summary>A verb of the command line, with examples that its help shows.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
    }

    public IReadOnlyList<string> Examples { get; }

    /// <summary>True for a verb that takes Ctrl-C itself; others are cancelled by it, and ended soon after.</summary>
    public bool HasOwnInterrupts { get; set; }
}
