using Tandem.Workspace;

namespace Tandem.Server;

/// <summary>Takes events.</summary>
/// <param name="events">One JSON object in UTF-8 each; not used after the task completes.</param>
/// <param name="form">How they are written.</param>
/// <param name="cancellationToken">Stops waiting.</param>
/// <returns>One outcome for each, in order.</returns>
public delegate ValueTask<IReadOnlyList<EventOutcome>> IngestEvents(
    IReadOnlyList<ReadOnlyMemory<byte>> events, EventForm form, CancellationToken cancellationToken);
