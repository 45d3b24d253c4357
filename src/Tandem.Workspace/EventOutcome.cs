using Tandem.Faults;

namespace Tandem.Workspace;

/// <summary>What became of one event that a client sent.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Id">Its id, given or made; null where it could not be read.</param>
/// <param name="Fault">Why it was refused and put into quarantine, or null where it was accepted and is
/// durable.</param>
public readonly record struct EventOutcome(int Index, string? Id, Fault? Fault);
