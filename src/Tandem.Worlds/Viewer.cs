namespace Tandem.Worlds;

/// <summary>What anybody can see of a user.</summary>
/// <param name="Id">Their identifier, such as <c>u7</c>.</param>
/// <param name="Country">Two-letter country.</param>
/// <param name="Signup">When they joined, UTC.</param>
public readonly record struct Viewer(string Id, string Country, DateTimeOffset Signup);
