using Tandem.Events;

namespace Tandem.Worlds;

/// <summary>Puts what happens into events: the one place that knows their names, columns and JSON.</summary>
internal sealed class EventWriter
{
    private readonly VideoShelf _shelf;
    private readonly Audience _audience;
    private readonly DateTimeOffset _start;
    private readonly Dice _dice;

    public EventWriter(WorldOptions options, VideoShelf shelf, Audience audience, Dice dice)
    {
        _start = options.Start;
        _shelf = shelf;
        _audience = audience;
        _dice = dice;
    }

    /// <summary>The row of a video, told of when it is published, or at the world's start if it is older.</summary>
    public EventRecord VideoRow(int item)
    {
        Span<byte> thumbnail = stackalloc byte[Thumbnail.Length];
        Thumbnail.Paint(_dice, item, _shelf.Category[item], _shelf.SecondCategory[item], thumbnail);
        JsonData data = new(stackalloc byte[2048]);
        data.Text("category"u8, CategoryWords.Names[_shelf.Category[item]]);
        data.Number("duration_seconds"u8, _shelf.Seconds[item], 1);
        data.Text("title"u8, _shelf.Title(item));
        data.Time("published"u8, _shelf.Published[item]);
        data.Wholes("thumbnail"u8, thumbnail);
        return Row("video", new EntityKey("item", _shelf.Ids[item]), _shelf.Published[item], data.ToArray());
    }

    /// <summary>The row of a user, told of when they join, or at the world's start if they were there.</summary>
    public EventRecord ViewerRow(int user)
    {
        JsonData data = new(stackalloc byte[256]);
        data.Text("country"u8, Audience.Countries[_audience.Country[user]]);
        data.Time("signup"u8, _audience.Signup[user]);
        return Row("viewer", new EntityKey("user", _audience.Ids[user]), _audience.Signup[user], data.ToArray());
    }

    /// <summary>The columns of a visit's impressions.</summary>
    public static byte[] ImpressionData(in Visit visit)
    {
        JsonData data = new(stackalloc byte[64]);
        data.Whole("hour"u8, visit.Time.Hour);
        data.Text("device"u8, visit.Device);
        return data.ToArray();
    }

    /// <summary>An item shown to a user.</summary>
    public EventRecord Impression(
        in Visit visit, int item, string requestId, int position, float propensity, byte[] data, DateTimeOffset known)
    {
        return new EventRecord
        {
            Id = Id(requestId, 'i', position),
            Type = "impression",
            Entities = Entities(visit.User, item),
            EventTime = visit.Time,
            KnownTime = known,
            RequestId = requestId,
            Position = position,
            Propensity = propensity,
            Data = data,
        };
    }

    /// <summary>Something a user did with an item.</summary>
    public static EventRecord Action(
        string type, IReadOnlyList<EntityKey> entities, string requestId, int position, DateTimeOffset time,
        DateTimeOffset known, byte[] data)
    {
        return new EventRecord
        {
            Id = Id(requestId, type[0], position),
            Type = type,
            Entities = entities,
            EventTime = time,
            KnownTime = known,
            RequestId = requestId,
            Position = position,
            Data = data,
        };
    }

    /// <summary>Who and what an event is about.</summary>
    public EntityKey[] Entities(int user, int item)
    {
        return [new EntityKey("user", _audience.Ids[user]), new EntityKey("item", _shelf.Ids[item])];
    }

    private EventRecord Row(string type, EntityKey entity, DateTimeOffset since, byte[] data)
    {
        DateTimeOffset time = since < _start ? _start : since;
        return new EventRecord
        {
            Id = $"{type}-{entity.Id}",
            Type = type,
            Entities = [entity],
            EventTime = time,
            KnownTime = Moments.AddSeconds(time, 1),
            Data = data,
        };
    }

    private static string Id(string requestId, char kind, int position)
    {
        Span<char> digits = stackalloc char[12];
        digits[0] = '-';
        digits[1] = kind;
        position.TryFormat(digits[2..], out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        return string.Concat(requestId, digits[..(written + 2)]);
    }
}
