using Tandem.Workspace;

namespace Tandem.Server;

/// <summary>Changes rows of items or users.</summary>
/// <param name="role">Whose rows.</param>
/// <param name="change">How they change.</param>
/// <param name="id">Id that all are about, or null where each names its own.</param>
/// <param name="rows">One JSON object each; not used after the task completes.</param>
/// <param name="cancellationToken">Stops waiting.</param>
/// <returns>One outcome for each, in order.</returns>
public delegate ValueTask<IReadOnlyList<EventOutcome>> ChangeRows(
    EntityRole role, RowChange change, string? id, IReadOnlyList<ReadOnlyMemory<byte>> rows,
    CancellationToken cancellationToken);
