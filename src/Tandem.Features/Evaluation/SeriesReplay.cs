using Tandem.Lake;

namespace Tandem.Features.Evaluation;

/// <summary>Replays the events of one plan, entity by entity, and asks for the spine's rows: in the order of event time at
/// the end, or, where rows say how far in the log they had seen, in the order of the log on the way.</summary>
/// <remarks>Pairs are replayed by their first part, with as many series at once as it has pairs that rows ask
/// for.</remarks>
internal sealed class SeriesReplay
{
    private readonly SeriesPlan _plan;
    private readonly Spine _spine;
    private readonly (FeaturePlan Plan, AnswerColumn Column)[] _wanted;
    private readonly TableHistory? _tables;
    private readonly EntityIndex _ids = new();
    private readonly EntityIndex _firsts = new();
    private readonly Dictionary<int, EventSeries> _open = [];
    private readonly Stack<EventSeries> _free = [];
    private readonly EntityIndex _texts = new();
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly int[] _next;
    private readonly bool _isInLogOrder;

    /// <param name="plan">The plan.</param>
    /// <param name="spine">The rows.</param>
    /// <param name="wanted">The features, and where their values go.</param>
    /// <param name="tables">What tables said, where rows look it up.</param>
    public SeriesReplay(
        SeriesPlan plan, Spine spine, (FeaturePlan Plan, AnswerColumn Column)[] wanted, TableHistory? tables)
    {
        _plan = plan;
        _spine = spine;
        _wanted = wanted;
        _tables = tables;
        _isInLogOrder = spine.SeenUntil.Length > 0;
        (_starts, _rows) = GroupRows();
        _next = _starts[..^1];
    }

    private string? First => _plan.Pair?.First ?? (_plan.EntityColumn < 0 ? null : _plan.Entity);

    public void Run(LakeSnapshot snapshot, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        _plan.Shape.Tables = _tables;
        var lake = new LakeRows(_plan.Shape, withIds: false, _plan.Looked(), first: First is null ? 0 : 1);
        var row = new SourceRow(_plan.Shape.Columns.Count);
        int current = -1;
        using LakeReader reader = snapshot.Scan(Query(lake, asOf), cancellationToken);
        int place = reader.Columns.Count - 1;
        while (reader.Read())
        {
            for (int i = 0; i < reader.RowCount; i++)
            {
                int group = First is null ? 0 : (int)reader.Wholes(0)[i];
                if (group != current)
                {
                    Finish();
                    current = group;
                }

                lake.Fill(reader, i, row);
                if (_plan.Pair is null ? _plan.Satisfies(row) : _plan.Takes(row))
                {
                    Add(row, group, _isInLogOrder ? reader.Wholes(place)[i] : long.MinValue);
                }
            }
        }

        Finish();
    }

    private LakeQuery Query(LakeRows lake, DateTimeOffset asOf)
    {
        return new LakeQuery
        {
            Table = _plan.Shape.Name,
            Columns = [.. lake.Columns, LakeEnvelope.LogPosition],
            KnownUntil = asOf,
            Keys = First is null ? null : new LakeKeys(First, _firsts.Texts()),
            OrderBy = _isInLogOrder
                ? [LakeEnvelope.LogPosition]
                : [LakeEnvelope.EventTime, LakeEnvelope.KnownTime, LakeEnvelope.LogPosition],
        };
    }

    private void Add(SourceRow row, int group, long place)
    {
        int entity = _plan.Pair is null ? group : _ids.Find(row.Utf8(_plan.EntityColumn));
        if (entity < 0)
        {
            return;
        }

        if (!_open.TryGetValue(entity, out EventSeries? series))
        {
            _open[entity] = series = _free.TryPop(out EventSeries? free) ? free : new EventSeries(_plan, _texts);
        }

        if (_isInLogOrder)
        {
            Answer(series, entity, place);
        }

        series.Add(row, EventSeries.Beginning);
    }

    private void Finish()
    {
        foreach ((int entity, EventSeries series) in _open)
        {
            Answer(series, entity, long.MaxValue);
            series.Clear();
            _free.Push(series);
        }

        _open.Clear();
    }

    /// <summary>Asks for the entity's next rows, as far as they had seen all of the series and nothing from a place of
    /// the log on.</summary>
    private void Answer(EventSeries series, int entity, long until)
    {
        for (; _next[entity] < _starts[entity + 1]; _next[entity]++)
        {
            int row = _rows[_next[entity]];
            if (_isInLogOrder && _spine.SeenUntil[row] > until)
            {
                return;
            }

            foreach ((FeaturePlan plan, AnswerColumn column) in _wanted)
            {
                column.Read(row, series, plan, _spine.Times[row]);
            }
        }
    }

    /// <summary>Groups the spine's rows by entity: a counting sort. Rows without one are in no group.</summary>
    private (int[] Starts, int[] Rows) GroupRows()
    {
        int[] entities = new int[_spine.Count];
        for (int row = 0; row < entities.Length; row++)
        {
            entities[row] = EntityOf(row);
        }

        int[] starts = new int[_ids.Count + 1];
        foreach (int entity in entities.Where(static entity => entity >= 0))
        {
            starts[entity + 1]++;
        }

        for (int entity = 0; entity < _ids.Count; entity++)
        {
            starts[entity + 1] += starts[entity];
        }

        int[] rows = new int[starts[^1]];
        int[] next = starts[..^1];
        for (int row = 0; row < entities.Length; row++)
        {
            if (entities[row] >= 0)
            {
                rows[next[entities[row]]++] = row;
            }
        }

        if (_isInLogOrder)
        {
            for (int entity = 0; entity < _ids.Count; entity++)
            {
                rows.AsSpan(starts[entity]..starts[entity + 1])
                    .Sort((left, right) => _spine.SeenUntil[left].CompareTo(_spine.SeenUntil[right]));
            }
        }

        return (starts, rows);
    }

    private int EntityOf(int row)
    {
        if (First is null)
        {
            return _ids.FindOrAdd(_plan.Entity);
        }

        string first = _spine.IdsOf(First)[row];
        if (_plan.Pair is not { } pair)
        {
            _firsts.FindOrAdd(first);
            return _ids.FindOrAdd(first);
        }

        string? second = pair.Request is { } column ? _spine.Request[column].Texts[row]
            : pair.Attribute is not { } attribute ? _spine.IdsOf(pair.Entity!)[row]
            : _tables!.Find(
                attribute.Table, attribute.Column, _spine.IdsOf(pair.Entity!)[row],
                _isInLogOrder ? _spine.SeenUntil[row] : long.MaxValue, _spine.Times[row]);
        if (second is null)
        {
            return -1;
        }

        _firsts.FindOrAdd(first);
        return _ids.FindOrAdd(PairText.Join(first, second));
    }
}
