using Tandem.Lake;

namespace Tandem.Features.Evaluation;

/// <summary>Replays the events of one plan, entity by entity, and asks for the spine's rows: in the order of event time at
/// the end, or, where rows say how far in the log they had seen, in the order of the log on the way.</summary>
internal sealed class SeriesReplay
{
    private readonly SeriesPlan _plan;
    private readonly Spine _spine;
    private readonly (FeaturePlan Plan, AnswerColumn Column)[] _wanted;
    private readonly EntityIndex _ids = new();
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly bool _isInLogOrder;
    private int _next;

    public SeriesReplay(SeriesPlan plan, Spine spine, (FeaturePlan Plan, AnswerColumn Column)[] wanted)
    {
        _plan = plan;
        _spine = spine;
        _wanted = wanted;
        _isInLogOrder = spine.SeenUntil.Length > 0;
        (_starts, _rows) = GroupRows();
    }

    public void Run(LakeSnapshot snapshot, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var lake = new LakeRows(_plan.Shape, withIds: false);
        var row = new SourceRow(_plan.Shape.Columns.Count);
        var series = new EventSeries(_plan, new EntityIndex());
        bool isGlobal = _plan.EntityColumn < 0;
        int current = isGlobal ? 0 : -1;
        int place = lake.Columns.Count;
        _next = 0;
        using LakeReader reader = snapshot.Scan(Query(lake, asOf), cancellationToken);
        while (reader.Read())
        {
            for (int i = 0; i < reader.RowCount; i++)
            {
                int entity = isGlobal ? 0 : _ids.Find(reader.Utf8(lake.Index(_plan.EntityColumn), i));
                if (entity != current)
                {
                    Answer(series, current, long.MaxValue);
                    series.Clear();
                    current = entity;
                    _next = entity < 0 ? 0 : _starts[entity];
                }

                if (entity >= 0)
                {
                    if (_isInLogOrder)
                    {
                        Answer(series, current, reader.Wholes(place)[i]);
                    }

                    lake.Fill(reader, i, row);
                    if (_plan.Takes(row))
                    {
                        series.Add(row, EventSeries.Beginning);
                    }
                }
            }
        }

        Answer(series, current, long.MaxValue);
    }

    private LakeQuery Query(LakeRows lake, DateTimeOffset asOf)
    {
        string[] times = _isInLogOrder
            ? [LakeEnvelope.LogPosition]
            : [LakeEnvelope.EventTime, LakeEnvelope.KnownTime, LakeEnvelope.LogPosition];
        return new LakeQuery
        {
            Table = _plan.Shape.Name,
            Columns = [.. lake.Columns, LakeEnvelope.LogPosition],
            KnownUntil = asOf,
            Where = _plan.EntityColumn < 0 ? [] : [new LakeFilter(_plan.Entity, LakeComparison.IsNotNull)],
            OrderBy = _plan.EntityColumn < 0 ? times : [_plan.Entity, .. times],
        };
    }

    /// <summary>Asks for the entity's next rows, as far as they had seen all of the series and nothing from a place of
    /// the log on.</summary>
    private void Answer(EventSeries series, int entity, long until)
    {
        if (entity < 0)
        {
            return;
        }

        for (; _next < _starts[entity + 1]; _next++)
        {
            int row = _rows[_next];
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

    /// <summary>Groups the spine's rows by entity: a counting sort.</summary>
    private (int[] Starts, int[] Rows) GroupRows()
    {
        int[] entities = new int[_spine.Count];
        if (_plan.EntityColumn < 0)
        {
            _ids.FindOrAdd(_plan.Entity);
        }
        else
        {
            string[] ids = _spine.IdsOf(_plan.Entity);
            for (int row = 0; row < ids.Length; row++)
            {
                entities[row] = _ids.FindOrAdd(ids[row]);
            }
        }

        int[] starts = new int[_ids.Count + 1];
        foreach (int entity in entities)
        {
            starts[entity + 1]++;
        }

        for (int entity = 0; entity < _ids.Count; entity++)
        {
            starts[entity + 1] += starts[entity];
        }

        int[] rows = new int[entities.Length];
        int[] next = starts[..^1];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[next[entities[row]]++] = row;
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
}
