namespace Tandem.Lake;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name, as in the events' data; compared without regard to case.</param>
/// <param name="Type">Its type.</param>
public sealed record LakeColumn(string Name, LakeType Type);
