using System.Text.Json;
using Tandem.Workspace;

namespace Tandem.Server;

/// <summary>Takes rows of a source that stand in columns.</summary>
/// <param name="source">Name of the source.</param>
/// <param name="columns">By name, one value a row.</param>
/// <param name="cancellationToken">Stops waiting.</param>
/// <returns>One outcome a row.</returns>
public delegate ValueTask<IReadOnlyList<EventOutcome>> PushRows(
    string source, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> columns,
    CancellationToken cancellationToken);
