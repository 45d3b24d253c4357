using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Tandem.Server.Routes;

/// <summary>Reads bodies, unpacked where they come packed. The server's own limit on their length has been set before;
/// what they unpack to has a limit of its own.</summary>
internal static class RequestBody
{
    private const int CopyBytes = 64 * 1024;

    /// <summary>Opens the body.</summary>
    /// <exception cref="Faults.TandemException">HTP016: it is packed in a way that is not understood.</exception>
    public static Stream Open(HttpContext context, ServerOptions options)
    {
        string encoding = context.Request.Headers.ContentEncoding.ToString();
        return encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? context.Request.Body
            : encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
                ? new UnpackedBody(
                    new GZipStream(context.Request.Body, CompressionMode.Decompress), options.UnpackedBytes)
                : throw ServerErrors.BadEncoding(encoding);
    }

    /// <summary>Reads the body whole.</summary>
    /// <exception cref="Faults.TandemException">HTP010: it does not unpack; HTP015: it unpacks to too much; HTP016: it
    /// is packed in a way that is not understood.</exception>
    public static async ValueTask<byte[]> ReadAsync(HttpContext context, ServerOptions options)
    {
        Stream body = Open(context, options);
        await using (body.ConfigureAwait(false))
        {
            using MemoryStream bytes = new((int)(context.Request.ContentLength ?? 0));
            await body.CopyToAsync(bytes, CopyBytes, context.RequestAborted);
            return bytes.ToArray();
        }
    }
}
