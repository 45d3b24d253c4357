using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tandem.Server.Guard;

namespace Tandem.Server.Routes;

/// <summary>What kind of body a request carries.</summary>
internal static class MediaType
{
    public static bool Is(string? contentType, string expected) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? parsed)
        && parsed.MediaType.Equals(expected, StringComparison.OrdinalIgnoreCase);

    public static Task RefuseAsync(HttpContext context, string expected) => Problem.WriteAsync(
        context, [ServerErrors.BadMediaType(context.Request.ContentType, expected)],
        StatusCodes.Status415UnsupportedMediaType);
}
