namespace Tandem.Workspace;

/// <summary>A training set that held a person.</summary>
/// <param name="Hash">What it was named.</param>
/// <param name="Rows">Rows that named the person.</param>
/// <param name="Successor">Hash of the set without them.</param>
public sealed record ForgottenSet(string Hash, int Rows, string Successor);
