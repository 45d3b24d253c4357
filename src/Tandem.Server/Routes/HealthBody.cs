namespace Tandem.Server.Routes;

/// <summary>Whether the process answers.</summary>
/// <param name="Status">Always <c>ok</c>: a process that does not answer says nothing.</param>
internal sealed record HealthBody(string Status);
