namespace Tandem.Server.Tests;

/// <summary>Classes that measure the whole process, and so run while no other does: <c>[Collection(Alone.Name)]</c>.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
