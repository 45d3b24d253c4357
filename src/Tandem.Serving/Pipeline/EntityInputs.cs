using Tandem.Features.Encoders;
using Tandem.Learning;

namespace Tandem.Serving.Pipeline;

/// <summary>The inputs of one user or item. Pooled with its context: in steady state it allocates nothing.</summary>
internal sealed class EntityInputs
{
    private readonly Action _read;
    private readonly string[] _id = new string[1];
    private readonly int[] _starts = new int[2];
    private ServedEntity? _entity;
    private DateTimeOffset _now;
    private float[] _numbers = [];
    private string[] _texts = [];
    private int[] _textStarts = [];
    private string[] _room = [];
    private float[] _dense = [];
    private int[] _columns = [];
    private float[] _values = [];

    public EntityInputs()
    {
        _read = ReadTogether;
    }

    /// <summary>Reads and encodes.</summary>
    /// <param name="entity">Reads one kind of entity.</param>
    /// <param name="id">Whose inputs; null for nobody known.</param>
    /// <param name="now">The moment.</param>
    /// <returns>True where anything is known.</returns>
    public bool Read(ServedEntity entity, string? id, DateTimeOffset now)
    {
        FeatureEncoders encoders = entity.Encoders;
        RequestContext.Grow(ref _numbers, encoders.Numbers.Count);
        RequestContext.Grow(ref _dense, encoders.DenseCount);
        RequestContext.Grow(ref _textStarts, entity.Texts.Count + 1);
        _numbers.AsSpan(0, encoders.Numbers.Count).Fill(float.NaN);
        _textStarts.AsSpan(0, entity.Texts.Count + 1).Clear();
        if (id is not null)
        {
            (_entity, _id[0], _now) = (entity, id, now);
            entity.Store.ReadTogether(_read);
            _entity = null;
        }

        int texts = _textStarts[entity.Texts.Count];
        FeatureRow row = new()
        {
            Numbers = _numbers.AsSpan(0, encoders.Numbers.Count),
            Texts = _texts.AsSpan(0, texts),
            TextStarts = _textStarts.AsSpan(0, entity.Texts.Count + 1),
        };
        int room = encoders.RoomFor(in row);
        RequestContext.Grow(ref _columns, room);
        RequestContext.Grow(ref _values, room);
        _starts[1] = encoders.Encode(in row, _dense.AsSpan(0, encoders.DenseCount), _columns, _values);
        return texts > 0 || row.Numbers.ContainsAnyExcept(float.NaN);
    }

    /// <summary>The one row that was read, until the next.</summary>
    public FeatureRows Row(ServedEntity entity) => new()
    {
        Count = 1,
        Dense = _dense.AsSpan(0, entity.Encoders.DenseCount),
        Starts = _starts,
        Columns = _columns,
        Values = _values,
    };

    /// <summary>Numbers and texts as of one place in the log.</summary>
    private void ReadTogether()
    {
        ServedEntity entity = _entity!;
        entity.ReadNumbers(_id, _now, _numbers.AsSpan(0, entity.Encoders.Numbers.Count));
        int count = 0;
        for (int text = 0; text < entity.Texts.Count; text++)
        {
            RankedText feature = entity.Texts[text];
            RequestContext.Grow(ref _room, feature.Most);
            RequestContext.Grow(ref _texts, count + feature.Most);
            int found = entity.Store.ReadIds(feature.View, feature.Feature, _id[0], _now, _room.AsSpan(0, feature.Most));
            _room.AsSpan(0, found).CopyTo(_texts.AsSpan(count));
            count += found;
            _textStarts[text + 1] = count;
        }
    }
}
