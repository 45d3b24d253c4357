namespace Tandem.Serving;

/// <summary>What one stage of a request did.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Candidates">Candidates when it ended.</param>
/// <param name="Microseconds">Time it took.</param>
/// <param name="Note">What it decided, or null.</param>
public sealed record StageTrace(string Stage, int Candidates, double Microseconds, string? Note);
