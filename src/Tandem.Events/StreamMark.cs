using System.Text.Json.Serialization;

namespace Tandem.Events;

/// <summary>Where in a broker's stream a position of the log is.</summary>
/// <param name="Log">The log's name: a new stream is another log, whatever its address.</param>
/// <param name="Session">Whose messages count there; those of writers before it do not.</param>
/// <param name="Position">Position in the log.</param>
/// <param name="Offset">Offset in the stream of a message that is there; the position is in it or behind it.</param>
internal sealed record StreamMark(string Log, string Session, long Position, long Offset)
{
    /// <summary>Format of the file.</summary>
    public string Format { get; init; } = "tandem.mirror/1";
}

/// <summary>Reads and writes marks.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StreamMark))]
internal sealed partial class StreamMarkJson : JsonSerializerContext;
