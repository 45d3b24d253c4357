using Tandem.Features;

namespace Tandem.Workspace;

/// <summary>One feature of many entities.</summary>
/// <param name="Name">Its name in the answer.</param>
/// <param name="Values">One value a row.</param>
public sealed record OnlineColumn(string Name, IReadOnlyList<OnlineValue> Values);
