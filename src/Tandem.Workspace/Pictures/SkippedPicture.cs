namespace Tandem.Workspace.Pictures;

/// <summary>A file among pictures that nothing was learned from.</summary>
/// <param name="Name">Its path below the folder.</param>
/// <param name="Why">What is wrong with it.</param>
public sealed record SkippedPicture(string Name, string Why);
