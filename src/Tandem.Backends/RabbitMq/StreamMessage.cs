using System.Text;
using RabbitMQ.Client;

namespace Tandem.Backends.RabbitMq;

/// <summary>A message of the stream: lines of the log, or a fence, which says that from there on only the messages of one
/// session count. <c>docs/formats/journal-stream.md</c> gives its parts.</summary>
/// <param name="IsFence">True for a fence, which has no lines.</param>
/// <param name="Session">Who sent it: one connection of one process.</param>
/// <param name="Writer">The process, for messages.</param>
/// <param name="Log">Name of the log; empty in a fence.</param>
/// <param name="Position">Position of the first line.</param>
/// <param name="Bytes">The lines.</param>
/// <param name="Offset">Where it is in the stream; -1 before it is sent.</param>
internal sealed record StreamMessage(
    bool IsFence, string Session, string Writer, string Log, long Position, ReadOnlyMemory<byte> Bytes, long Offset)
{
    private const string Family = "tandem.";
    private const string FenceType = "tandem.fence/1";
    private const string LinesType = "tandem.lines/1";

    /// <summary>The message's properties, to be sent with its bytes.</summary>
    public BasicProperties ToProperties() => new()
    {
        Type = IsFence ? FenceType : LinesType,
        Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["session"] = Session,
            ["writer"] = Writer,
            ["log"] = Log,
            ["position"] = Position,
        },
    };

    /// <summary>Reads a message as it was delivered.</summary>
    /// <param name="properties">Its properties.</param>
    /// <param name="bytes">Its bytes, copied where they are kept.</param>
    /// <returns>The message, or null where a stranger wrote it.</returns>
    /// <exception cref="Faults.TandemException">BCK020: another version of Tandem wrote it.</exception>
    public static StreamMessage? Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> bytes)
    {
        string type = properties.Type ?? "";
        if (!type.StartsWith(Family, StringComparison.Ordinal))
        {
            return null;
        }

        return type is FenceType or LinesType
            ? new StreamMessage(
                type == FenceType, Text(properties, "session"), Text(properties, "writer"), Text(properties, "log"),
                Number(properties, "position"), bytes.ToArray(), OffsetOf(properties))
            : throw BackendErrors.StreamFormat(type);
    }

    /// <summary>Where a delivered message is in the stream.</summary>
    public static long OffsetOf(IReadOnlyBasicProperties properties) => Number(properties, "x-stream-offset");

    private static string Text(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?[name] is byte[] text ? Encoding.UTF8.GetString(text) : "";

    private static long Number(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?[name] is { } value
            ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)
            : throw BackendErrors.StreamFormat($"a message without '{name}'");
}
