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

    /// <summary>Cuts a line, and checks that it is an event's.</summary>
    /// <exception cref="JsonException">It is not one whole JSON object with an id and a type.</exception>
    public static EventLine Parse(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new JsonException("the line is not UTF-8");
        }

        EventLine line = new(bytes);
        line.Cut(isHeadEnough: false);
        if (!IsObjectOrAbsent(line.Entities) || !IsObjectOrAbsent(line.Features) || !IsObjectOrAbsent(line.Data))
        {
            throw new JsonException("entities, features and data are objects");
        }

        return line;
    }

    /// <summary>Cuts a line until its id, type, entities and time are found. What stands behind them is not looked
    /// at.</summary>
    /// <exception cref="JsonException">The line ends before, or has no id or type.</exception>
    public static EventLine CutHead(ReadOnlySpan<byte> bytes)
    {
        EventLine line = new(bytes);
        line.Cut(isHeadEnough: true);
        return line;
    }

    private void Cut(bool isHeadEnough)
    {
        JsonMembers members = new(Bytes);
        int next = 0;
        while (members.Next(Likely(next)))
        {
            next = Keep(members.Name.Inside(Bytes), members.Value) + 1;
            if (isHeadEnough && Time.IsPresent && Id.IsPresent && Type.IsPresent && Entities.IsPresent)
            {
                break;
            }
        }

        if (Id.Kind != JsonTokenType.String || Type.Kind != JsonTokenType.String)
        {
            throw new JsonException("the line is not one event");
        }
    }

    /// <summary>The beginning of a member as the journal writes it, in its order.</summary>
    private static ReadOnlySpan<byte> Likely(int member) => member switch
    {
        0 => "\"id\":"u8,
        1 => "\"type\":"u8,
        2 => "\"tenant\":"u8,
        3 => "\"entities\":"u8,
        4 => "\"time\":"u8,
        5 => "\"known\":"u8,
        6 => "\"data\":"u8,
        7 => "\"~\":"u8,
        _ => default,
    };

    private static bool IsObjectOrAbsent(JsonSlice slice) =>
        !slice.IsPresent || slice.Kind == JsonTokenType.StartObject;

    /// <summary>Keeps a value; the first, where a key stands twice.</summary>
    /// <returns>The member's number in <see cref="Likely"/>, or a number beyond.</returns>
    private int Keep(ReadOnlySpan<byte> key, JsonSlice value)
    {
        switch (key)
        {
            case [(byte)'i', (byte)'d']:
                Id = First(Id, value);
                return 0;
            case [(byte)'d', ..] when key.SequenceEqual("data"u8):
                Data = First(Data, value);
                return 6;
            case [(byte)'t', (byte)'y', ..] when key.SequenceEqual("type"u8):
                Type = First(Type, value);
                return 1;
            case [(byte)'t', (byte)'i', ..] when key.SequenceEqual("time"u8):
                Time = First(Time, value);
                return 4;
            case [(byte)'t', ..] when key.SequenceEqual("tenant"u8):
                Tenant = First(Tenant, value);
                return 2;
            case [(byte)'e', ..] when key.SequenceEqual("entities"u8):
                Entities = First(Entities, value);
                return 3;
            case [(byte)'k', ..] when key.SequenceEqual("known"u8):
                Known = First(Known, value);
                return 5;
            case [(byte)'r', ..] when key.SequenceEqual("request"u8):
                Request = First(Request, value);
                break;
            case [(byte)'p', (byte)'o', ..] when key.SequenceEqual("position"u8):
                Position = First(Position, value);
                break;
            case [(byte)'p', ..] when key.SequenceEqual("propensity"u8):
                Propensity = First(Propensity, value);
                break;
            case [(byte)'m', ..] when key.SequenceEqual("model"u8):
                Model = First(Model, value);
                break;
            case [(byte)'f', ..] when key.SequenceEqual("features"u8):
                Features = First(Features, value);
                break;
        }

        return int.MaxValue - 1;
    }

    private static JsonSlice First(JsonSlice kept, JsonSlice value) =>
        kept.Kind == JsonTokenType.None ? value : kept;
}
