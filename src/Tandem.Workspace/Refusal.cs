using Tandem.Faults;

namespace Tandem.Workspace;

/// <summary>Why an event was refused.</summary>
/// <param name="Fault">The reason.</param>
/// <param name="Source">Source it was meant for, as far as it could be read; else empty.</param>
internal sealed record Refusal(Fault Fault, string Source);
