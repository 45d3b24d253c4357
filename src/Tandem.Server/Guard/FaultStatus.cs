using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Tandem.Faults;

namespace Tandem.Server.Guard;

/// <summary>The status that answers a fault; <c>docs/http.md</c> shows the table.</summary>
internal static class FaultStatus
{
    public static int Of(FaultKind kind) => kind switch
    {
        FaultKind.Invalid => StatusCodes.Status400BadRequest,
        FaultKind.NotFound => StatusCodes.Status404NotFound,
        FaultKind.Conflict => StatusCodes.Status409Conflict,
        FaultKind.Unsupported => StatusCodes.Status422UnprocessableEntity,
        FaultKind.Busy => StatusCodes.Status429TooManyRequests,
        FaultKind.Damaged => StatusCodes.Status500InternalServerError,
        FaultKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new UnreachableException(),
    };
}
