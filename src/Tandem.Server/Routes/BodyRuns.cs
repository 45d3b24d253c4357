using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Tandem.Server.Routes;

/// <summary>Cuts a body into JSON objects, a run at a time: lines as they arrive, JSON as one run.</summary>
internal static class BodyRuns
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";

    /// <summary>Reads the runs; each is valid until the next is asked for.</summary>
    /// <exception cref="Faults.TandemException">HTP010, HTP015, HTP016: the body cannot be read.</exception>
    public static async IAsyncEnumerable<List<ReadOnlyMemory<byte>>> ReadAsync(
        HttpContext context, ServerOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!MediaType.Is(context.Request.ContentType, Lines))
        {
            byte[] whole = await RequestBody.ReadAsync(context, options);
            yield return EventSplitter.SplitJson(whole, options.JsonDepth);
            yield break;
        }

        Stream body = RequestBody.Open(context, options);
        await using (body.ConfigureAwait(false))
        {
            using LineChunks chunks = new(body);
            List<ReadOnlyMemory<byte>> lines = [];
            while (await chunks.ReadAsync(lines, cancellationToken))
            {
                yield return lines;
            }
        }
    }
}
