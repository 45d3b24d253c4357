using Microsoft.AspNetCore.WebUtilities;
using Tandem.Faults;

namespace Tandem.Server.Guard;

/// <summary>An error as it goes over the wire: RFC 9457 with the fault's parts.</summary>
/// <param name="Type">Always <c>about:blank</c>: the code says what it is.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Code">Code of the first fault, listed in <c>docs/errors.md</c>.</param>
/// <param name="What">What happened.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Place">Where, or absent.</param>
/// <param name="Faults">All faults where there are several, or absent.</param>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Code, string What, string Remedy, string? Place,
    IReadOnlyList<FaultBody>? Faults)
{
    public static ProblemBody From(IReadOnlyList<Fault> faults, int status) => new(
        "about:blank", ReasonPhrases.GetReasonPhrase(status), status, faults[0].Code, FaultBody.Tell(faults[0]),
        faults[0].Remedy, faults[0].Place, faults.Count == 1 ? null : [.. faults.Select(FaultBody.From)]);
}

/// <summary>One fault over the wire.</summary>
/// <param name="Code">Its code.</param>
/// <param name="What">What happened.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Place">Where, or absent.</param>
internal sealed record FaultBody(string Code, string What, string Remedy, string? Place)
{
    public static FaultBody From(Fault fault) => new(fault.Code, Tell(fault), fault.Remedy, fault.Place);

    /// <summary>What happened, with what was expected instead and the nearest valid name.</summary>
    public static string Tell(Fault fault)
    {
        string expected = fault.Expected is null ? "" : $" Expected {fault.Expected}.";
        string nearest = fault.Nearest is null ? "" : $" Did you mean '{fault.Nearest}'?";
        return $"{fault.What}{expected}{nearest}";
    }
}
