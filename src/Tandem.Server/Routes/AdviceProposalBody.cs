using Tandem.Server.Guard;
using Tandem.Spec.Advice;

namespace Tandem.Server.Routes;

/// <summary>A proposed design over the wire.</summary>
/// <param name="Lines">What was set, in the order of the file, each with its reason.</param>
/// <param name="Text">The whole tandem.yaml.</param>
/// <param name="Faults">What keeps it from running as it stands, such as features of sources that another task has not;
/// mostly empty.</param>
internal sealed record AdviceProposalBody(
    IReadOnlyList<AdviceLine> Lines, string Text, IReadOnlyList<FaultBody> Faults)
{
    public static AdviceProposalBody From(AdviceProposal proposal) => new(
        proposal.Lines, proposal.File.Text, [.. proposal.File.Faults.Select(FaultBody.From)]);
}
