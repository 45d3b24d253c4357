using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>The events of one entity under the plans of one view, on their way to an <see cref="EntityHistory"/>.</summary>
internal sealed class HistoryRows
{
    private readonly FeatureView _view;
    private readonly string _id;
    private readonly byte[] _utf8;
    private readonly long _asOf;
    private readonly int _most;
    private readonly Dictionary<(string View, string Feature), (int Series, FeaturePlan Plan)> _features = [];
    private readonly IReadOnlyList<SeriesPlan> _plans;
    private readonly EventSeries[] _series;
    private readonly SourceShape _shape;
    private readonly SourceRow _row;
    private readonly List<(TableColumn Attribute, SourceShape Table, SourceRow Row)> _tableRows = [];
    private TableHistory? _tables;
    private readonly HashSet<(long, uint)> _seen = [];
    private readonly PriorityQueue<SeenEvent, (long EventTime, long KnownTime, long Arrival)> _newest = new();
    private long _count;

    public HistoryRows(FeatureView view, string id, long asOf, int most)
    {
        _view = view;
        _id = id;
        _utf8 = Encoding.UTF8.GetBytes(id);
        _asOf = asOf;
        _most = most;
        _plans = [.. SeriesPlan.PlanAll([view], _features).Where(static plan => !plan.IsByLog)];
        EntityIndex texts = new();
        _series = [.. _plans.Select(plan => new EventSeries(plan, texts))];
        _shape = _plans[0].Shape;
        _row = new SourceRow(_shape.Columns.Count);
        foreach (TableColumn attribute in _shape.Attributes)
        {
            var table = new SourceShape(attribute.Table, attribute.Source);
            table.Column(attribute.Entity);
            table.Column(attribute.Column);
            _tableRows.Add((attribute, table, new SourceRow(table.Columns.Count)));
        }
    }

    private bool IsGlobal => _plans[0].EntityColumn < 0;

    private bool IsAsked => IsGlobal || _row.Utf8(_plans[0].EntityColumn).SequenceEqual(_utf8);

    private LakeFilter[] Where => IsGlobal ? []
        : _view.Pair is { } pair ? [new LakeFilter(pair.First, LakeComparison.Equal, PairText.First(_id))]
        : [new LakeFilter(_view.Entity, LakeComparison.Equal, _id)];

    public void AddLake(LakeSnapshot snapshot, CancellationToken cancellationToken)
    {
        _tables = TableHistory.Read(snapshot, [_shape], Micros.Moment(_asOf), cancellationToken);
        _shape.Tables = _tables;
        var lake = new LakeRows(_shape, withIds: true);
        using LakeReader reader = snapshot.Scan(
            new LakeQuery
            {
                Table = _shape.Name,
                Columns = lake.Columns,
                KnownUntil = Micros.Moment(_asOf),
                Where = Where,
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            for (int i = 0; i < reader.RowCount; i++)
            {
                lake.Fill(reader, i, _row);
                if (IsAsked)
                {
                    Add();
                }
            }
        }
    }

    public void AddLog(JournalBatch batch)
    {
        foreach (EventRecord record in batch.Events)
        {
            if (Micros.Of(record.KnownTime) > _asOf)
            {
                continue;
            }

            AddTables(record);
            if (record.Type == _shape.Name)
            {
                _shape.Read(record, _row);
                if (IsAsked)
                {
                    Add();
                }
            }
        }
    }

    /// <summary>Takes a row of a table that columns are looked up in.</summary>
    private void AddTables(EventRecord record)
    {
        foreach ((TableColumn attribute, SourceShape table, SourceRow row) in _tableRows)
        {
            if (record.Type == attribute.Table)
            {
                table.Read(record, row);
                _tables!.Add(
                    attribute.Table, attribute.Column, row.Utf8(0), row.IsNull(1) ? null : Encoding.UTF8.GetString(row.Utf8(1)),
                    row.KnownTime);
            }
        }
    }

    public EntityHistory Finish()
    {
        List<ExplainedValue> values = [];
        foreach (FeatureDefinition feature in _view.Features)
        {
            (int index, FeaturePlan plan) = _features[(_view.Name, feature.Name)];
            double seen = _series[index].Number(
                plan with { Operation = FeatureOperation.Count, MaximumAgeMicros = 0 }, _asOf);
            values.Add(new ExplainedValue(
                feature.Name, _series[index].Value(plan, _asOf),
                plan.WindowMicros == 0 ? null : Micros.Moment(WindowStart(plan)), double.IsNaN(seen) ? 0 : (long)seen));
        }

        List<SeenEvent> events = [];
        while (_newest.TryDequeue(out SeenEvent? kept, out _))
        {
            events.Add(kept);
        }

        events.Reverse();
        return new EntityHistory(_view.Name, _id, Micros.Moment(_asOf), values, events, _count);
    }

    private void Add()
    {
        bool happened = !_shape.HasTimes || _row.EventTime < _asOf || (_view.IsTable && _row.EventTime == _asOf);
        bool isNew = !_shape.HasTimes || _seen.Add((_row.EventTime, _row.IdHash));
        if (!happened || !isNew)
        {
            return;
        }

        bool[] takes = [.. _plans.Select(plan => plan.Takes(_row))];
        for (int i = 0; i < _series.Length; i++)
        {
            if (takes[i])
            {
                _series[i].Add(_row, EventSeries.Beginning);
            }
        }

        (long, long, long) place = (_row.EventTime, _row.KnownTime, _count++);
        if (_newest.Count < _most)
        {
            _newest.Enqueue(Said(takes), place);
        }
        else if (_newest.TryPeek(out _, out (long, long, long) oldest) && place.CompareTo(oldest) > 0)
        {
            _newest.DequeueEnqueue(Said(takes), place);
        }
    }

    private SeenEvent Said(bool[] takes)
    {
        SortedDictionary<string, string> cells = new(StringComparer.Ordinal);
        for (int c = 0; c < _shape.Columns.Count; c++)
        {
            if (!_row.IsNull(c))
            {
                cells[_shape.Columns[c].Name] = Cell(c);
            }
        }

        string[] countsIn =
        [
            .. _view.Features.Select(feature => (feature.Name, Found: _features[(_view.Name, feature.Name)]))
                .Where(each => takes[each.Found.Series]
                    && (each.Found.Plan.WindowMicros == 0 || _row.EventTime >= WindowStart(each.Found.Plan)))
                .Select(each => each.Name),
        ];
        return new SeenEvent(
            _shape.HasTimes ? Micros.Moment(_row.EventTime) : null, Micros.Moment(_row.KnownTime), cells, countsIn);
    }

    private string Cell(int column) => _shape.Columns[column].Type switch
    {
        ColumnType.Text => Encoding.UTF8.GetString(_row.Utf8(column)),
        ColumnType.Flag => _row.Number(column) == 0 ? "false" : "true",
        ColumnType.Time => Micros.Moment((long)Math.Round(_row.Number(column) * 1e6)).ToString("O", CultureInfo.InvariantCulture),
        _ => _row.Number(column).ToString("R", CultureInfo.InvariantCulture),
    };

    private long WindowStart(FeaturePlan plan) => SawtoothWindow.Start(_asOf, plan.WindowMicros);
}
