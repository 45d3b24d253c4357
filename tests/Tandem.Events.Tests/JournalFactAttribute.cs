namespace Tandem.Events.Tests;

/// <summary>A test of every journal; where one needs a server, its project's own attribute of this name skips the tests
/// without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JournalFactAttribute : FactAttribute;
