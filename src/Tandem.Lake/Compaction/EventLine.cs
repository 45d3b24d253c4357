using System.Text.Json;
using System.Text.Unicode;

namespace Tandem.Lake.Compaction;

/// <summary>One line of the journal, cut into the values of its envelope. Keys may come in any order.</summary>
internal ref struct EventLine
{
    private EventLine(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    public ReadOnlySpan<byte> Bytes { get; }

    public JsonSlice Id { get; private set; }

    public JsonSlice Type { get; private set; }

    public JsonSlice Tenant { get; private set; }

    public JsonSlice Entities { get; private set; }

    public JsonSlice Time { get; private set; }

    public JsonSlice Known { get; private set; }

    public JsonSlice Request { get; private set; }

    public JsonSlice Position { get; private set; }

    public JsonSlice Propensity { get; private set; }

    public JsonSlice Model { get; private set; }

    public JsonSlice Features { get; private set; }

    public JsonSlice Data { get; private set; }

    /// <summary>Cuts a line.</summary>
    /// <exception cref="JsonException">It is not one whole JSON object with an id and a type.</exception>
    public static EventLine Parse(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new JsonException("the line is not UTF-8");
        }

        EventLine line = new(bytes);
        JsonMembers members = new(bytes);
        while (members.Next())
        {
            line.Keep(members.Name.Inside(bytes), members.Value);
        }

        if (line.Id.Kind != JsonTokenType.String || line.Type.Kind != JsonTokenType.String)
        {
            throw new JsonException("the line is not one event");
        }

        if (!IsObjectOrAbsent(line.Entities) || !IsObjectOrAbsent(line.Features) || !IsObjectOrAbsent(line.Data))
        {
            throw new JsonException("entities, features and data are objects");
        }

        return line;
    }

    private static bool IsObjectOrAbsent(JsonSlice slice) =>
        !slice.IsPresent || slice.Kind == JsonTokenType.StartObject;

    private void Keep(ReadOnlySpan<byte> key, JsonSlice value)
    {
        switch (key)
        {
            case [(byte)'i', (byte)'d']:
                Id = value;
                break;
            case [(byte)'d', ..] when key.SequenceEqual("data"u8):
                Data = value;
                break;
            case [(byte)'t', (byte)'y', ..] when key.SequenceEqual("type"u8):
                Type = value;
                break;
            case [(byte)'t', (byte)'i', ..] when key.SequenceEqual("time"u8):
                Time = value;
                break;
            case [(byte)'t', ..] when key.SequenceEqual("tenant"u8):
                Tenant = value;
                break;
            case [(byte)'e', ..] when key.SequenceEqual("entities"u8):
                Entities = value;
                break;
            case [(byte)'k', ..] when key.SequenceEqual("known"u8):
                Known = value;
                break;
            case [(byte)'r', ..] when key.SequenceEqual("request"u8):
                Request = value;
                break;
            case [(byte)'p', (byte)'o', ..] when key.SequenceEqual("position"u8):
                Position = value;
                break;
            case [(byte)'p', ..] when key.SequenceEqual("propensity"u8):
                Propensity = value;
                break;
            case [(byte)'m', ..] when key.SequenceEqual("model"u8):
                Model = value;
                break;
            case [(byte)'f', ..] when key.SequenceEqual("features"u8):
                Features = value;
                break;
        }
    }
}
