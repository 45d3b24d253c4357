using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tandem.Faults;

namespace Tandem.Server.Guard;

/// <summary>Answers with <c>application/problem+json</c>.</summary>
internal static class Problem
{
    public const string MediaType = "application/problem+json";

    /// <summary>How long a caller should wait after 429 or 503.</summary>
    public const int RetrySeconds = 1;

    public static Task WriteAsync(HttpContext context, IReadOnlyList<Fault> faults, int? status = null)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        Fault first = faults[0];
        int code = status ?? FaultStatus.Of(first.Kind);
        context.Response.Clear();
        SecurityHeaders.Add(context.Response.Headers);
        context.Response.StatusCode = code;
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        if (code == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else if (code is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
        }

        return JsonSerializer.SerializeAsync(
            context.Response.Body, ProblemBody.From(faults, code), ServerJson.Default.ProblemBody,
            context.RequestAborted);
    }
}
