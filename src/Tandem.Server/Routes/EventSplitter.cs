using System.Text.Json;

namespace Tandem.Server.Routes;

/// <summary>Cuts a body into events without reading them: the intake judges each on its own.</summary>
internal static class EventSplitter
{
    /// <summary>Cuts JSON: one object, or an array of anything.</summary>
    /// <exception cref="Faults.TandemException">HTP010: the body as a whole is not JSON, or neither of the
    /// two.</exception>
    public static List<ReadOnlyMemory<byte>> SplitJson(ReadOnlyMemory<byte> body, int depth)
    {
        List<ReadOnlyMemory<byte>> events = [];
        Utf8JsonReader reader = new(body.Span, new JsonReaderOptions { MaxDepth = depth });
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                Take(ref reader, body, events);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Take(ref reader, body, events);
                }
            }
            else
            {
                throw ServerErrors.BadBody("The body is neither an event nor an array of events.", "body");
            }

            reader.Read();
        }
        catch (JsonException exception)
        {
            throw ServerErrors.BadBody(
                "The body is not JSON.", $"body:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}",
                exception);
        }

        return events;
    }

    private static void Take(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, List<ReadOnlyMemory<byte>> events)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        events.Add(body[start..(int)reader.BytesConsumed]);
    }
}
