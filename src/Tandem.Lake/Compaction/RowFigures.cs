using System.Text;

namespace Tandem.Lake.Compaction;

/// <summary>What a manifest says of a part, gathered from the rows as they are written.</summary>
internal sealed class RowFigures
{
    private readonly TextRange _ids = new();
    private readonly TextRange _entities = new();
    private long _rows;
    private long _timeless;
    private long? _first;
    private long? _last;
    private long? _firstKnown;

    /// <summary>Takes a row in.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="time">Its event time in microseconds, or null.</param>
    /// <param name="known">Its known time in microseconds, or null.</param>
    public void Add(ReadOnlySpan<byte> id, long? time, long? known)
    {
        _rows++;
        _ids.Add(id);
        if (time is { } micros)
        {
            _first = Math.Min(_first ?? micros, micros);
            _last = Math.Max(_last ?? micros, micros);
        }
        else
        {
            _timeless++;
        }

        if (known is { } since)
        {
            _firstKnown = Math.Min(_firstKnown ?? since, since);
        }
    }

    /// <summary>Takes in the first entity of a row that has one.</summary>
    public void AddEntity(ReadOnlySpan<byte> entity) => _entities.Add(entity);

    /// <summary>The part with these figures.</summary>
    public LakePart Part(string key, int schema, long bytes, string hash) => new()
    {
        Key = key,
        Schema = schema,
        Rows = _rows,
        Bytes = bytes,
        First = Moment(_first),
        Last = Moment(_last),
        Timeless = _timeless,
        FirstKnown = Moment(_firstKnown),
        FirstEntity = _entities.IsEmpty ? null : Encoding.UTF8.GetString(_entities.First),
        LastEntity = _entities.IsEmpty ? null : Encoding.UTF8.GetString(_entities.Last),
        FirstId = Encoding.UTF8.GetString(_ids.First),
        LastId = Encoding.UTF8.GetString(_ids.Last),
        Hash = hash,
    };

    private static DateTimeOffset? Moment(long? micros) => micros is { } value ? LakeTime.FromMicros(value) : null;
}
