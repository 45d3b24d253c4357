using Microsoft.AspNetCore.Http;

namespace Tandem.Server.Routes;

/// <summary>Reads bodies whole; the server's own limit on their length has been set before.</summary>
internal static class RequestBody
{
    public static async ValueTask<byte[]> ReadAsync(HttpContext context)
    {
        using MemoryStream bytes = new((int)(context.Request.ContentLength ?? 0));
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        return bytes.ToArray();
    }
}
