using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Tandem.Server.Routes;

/// <summary>Reads bodies that are one JSON object each.</summary>
internal sealed class JsonBodies(ServerOptions options)
{
    private readonly JsonSerializerOptions _reading = new(ServerJson.Default.Options) { MaxDepth = options.JsonDepth };

    /// <summary>Reads a body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="meaning">What it should be, for whoever sent something else.</param>
    /// <returns>The body; null where it is of another media type, which was answered with 415.</returns>
    /// <exception cref="Faults.TandemException">HTP010: it is something else.</exception>
    public async Task<TBody?> ReadAsync<TBody>(HttpContext context, string meaning)
        where TBody : class
    {
        if (!MediaType.Is(context.Request.ContentType, BodyRuns.Json))
        {
            await MediaType.RefuseAsync(context, BodyRuns.Json);
            return null;
        }

        byte[] bytes = await RequestBody.ReadAsync(context, options);
        try
        {
            return (TBody?)JsonSerializer.Deserialize(bytes, _reading.GetTypeInfo(typeof(TBody)))
                ?? throw ServerErrors.BadBody("The body is null.", "body");
        }
        catch (JsonException exception)
        {
            throw ServerErrors.BadBody(
                $"The body is not {meaning}: " + Reason(exception),
                $"body:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}", exception);
        }
    }

    private static string Reason(JsonException exception) => exception.Path is null or "$"
        ? "it is not JSON, or has a key that is not known."
        : $"the value at {exception.Path} is not allowed.";
}
