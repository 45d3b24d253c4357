using Tandem.Server.Guard;
using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>What became of the events of a request.</summary>
/// <param name="Accepted">Events that are durable now.</param>
/// <param name="Refused">Events that lie in quarantine.</param>
/// <param name="Outcomes">One for each event, in order; with <c>outcomes=refused</c> those of refused events
/// alone.</param>
internal sealed record EventsBody(int Accepted, int Refused, IReadOnlyList<EventOutcomeBody> Outcomes);

/// <summary>What became of one event.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Id">Its id, or absent where it could not be read.</param>
/// <param name="Status"><c>accepted</c> or <c>refused</c>.</param>
/// <param name="Fault">Why it was refused, or absent.</param>
internal sealed record EventOutcomeBody(int Index, string? Id, string Status, FaultBody? Fault)
{
    public static EventOutcomeBody From(EventOutcome outcome, int index) => new(
        index, outcome.Id, outcome.Fault is null ? "accepted" : "refused",
        outcome.Fault is null ? null : FaultBody.From(outcome.Fault));
}
