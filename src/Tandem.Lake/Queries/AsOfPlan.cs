using System.Globalization;
using System.Text;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Queries;

/// <summary>An as-of join as SQL.</summary>
/// <remarks>
/// DuckDB's own as-of join compares one column and leaves ties open. So each event first gets the moment from which it
/// can be used: usable = max(event time, known time). Ordered by it, an event counts only while no event usable before
/// it is better, that is later by (event time, known time, log position): those that are not are dropped by one window.
/// What is left rises both in usable and in event time, and the last one usable at a row's moment is the answer. Where
/// it is older than the time to live, every other candidate is too.
/// </remarks>
internal sealed class AsOfPlan
{
    private const string SpineTable = "spine";

    private readonly LakeSpine _spine;
    private readonly LakeAsOfJoin _join;
    private readonly TableSource _source;
    private readonly Conditions _conditions;
    private readonly IReadOnlyList<LakeColumn> _keys;
    private readonly IReadOnlyList<LakeColumn> _values;

    public AsOfPlan(LakeSpine spine, LakeAsOfJoin join, TableSource source)
    {
        if (join.Keys.Count != spine.KeyCount)
        {
            throw new ArgumentException(
                $"The join has {join.Keys.Count} keys and the spine {spine.KeyCount}.", nameof(join));
        }

        _spine = spine;
        _join = join;
        _source = source;
        _keys = [.. join.Keys.Select(source.Column)];
        _values = [.. join.Columns.Select(source.Column)];
        if (_keys.FirstOrDefault(static key => key.Type != LakeType.Text) is { } wrong)
        {
            throw new ArgumentException($"Column '{wrong.Name}' holds {wrong.Type}; keys are texts.", nameof(join));
        }

        _conditions = new Conditions(source);
        foreach (LakeFilter filter in join.Where)
        {
            _conditions.Add(filter);
        }
    }

    /// <summary>The columns of the result: the row's number, then the values.</summary>
    public IReadOnlyList<LakeColumn> Columns => [new LakeColumn("row", LakeType.Whole), .. _values];

    /// <summary>Fills the connection's spine and prepares the join.</summary>
    public DuckStatement Prepare(DuckConnection connection, IObjectStore store, CancellationToken cancellationToken)
    {
        FillSpine(connection, cancellationToken);
        (long earliest, long latest) = _spine.RowCount == 0 ? (0, 0) : _spine.Span();
        DateTimeOffset to = LakeTime.FromMicros(latest + 1);
        DateTimeOffset? from = _join.TimeToLive is { } life ? Earlier(LakeTime.FromMicros(earliest), life) : null;
        DateTimeOffset? known = _join.AsKnown ? LakeTime.FromMicros(latest) : null;
        _conditions.AddTimes(from, to, known);
        foreach (LakeColumn key in _keys)
        {
            _conditions.Add($"{Sql.Name(key.Name)} is not null");
        }

        DuckStatement statement = connection.Prepare(
            Text(new PartFilter(from, to, known, _join.Where), store, cancellationToken));
        _conditions.Bind(statement);
        return statement;
    }

    private static DateTimeOffset Earlier(DateTimeOffset time, TimeSpan life) =>
        time - DateTimeOffset.MinValue > life ? time - life : DateTimeOffset.MinValue;

    private string Text(PartFilter filter, IObjectStore store, CancellationToken cancellationToken)
    {
        HashSet<LakeColumn> needed =
        [
            .. _keys, .. _values, .. _join.Where.Select(filter => _source.Column(filter.Column)),
            _source.Column(LakeEnvelope.EventTime), _source.Column(LakeEnvelope.KnownTime),
            _source.Column(LakeEnvelope.LogPosition),
        ];
        string keys = string.Join(", ", _keys.Select(static key => Sql.Name(key.Name)));
        string usable = _join.AsKnown ? "greatest(event_time, known_time)" : "event_time";
        return $"""
            with source as (
              select *, {usable} as "@usable"
              from {_source.Relation(needed, filter, store, cancellationToken)}{_conditions.Clause}
              {(_spine.KeyCount == 1 ? $"and {keys} in (select k0 from {SpineTable})" : "")}
            ), best as (
              select * from source
              window w as (partition by {keys} order by "@usable", event_time, known_time, log_position
                           rows between unbounded preceding and current row)
              qualify coalesce(lead("@usable") over w <> "@usable", true) and event_time = max(event_time) over w
            )
            select s.row{Values()} from {SpineTable} s asof left join best b on {Matches()} and s.time >= b."@usable"
            """;
    }

    private string Values()
    {
        StringBuilder list = new();
        for (int i = 0; i < _values.Count; i++)
        {
            string value = $"b.{Sql.Name(_values[i].Name)}";
            list.Append(", ").Append(_join.TimeToLive is { } life
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"case when epoch_us(s.time) - epoch_us(b.event_time) <= " +
                    $"{life.Ticks / TimeSpan.TicksPerMicrosecond} then {value} end")
                : value);
        }

        return list.ToString();
    }

    private string Matches() => string.Join(
        " and ",
        _keys.Select(
            static (key, i) => string.Create(CultureInfo.InvariantCulture, $"s.k{i} = b.{Sql.Name(key.Name)}")));

    private void FillSpine(DuckConnection connection, CancellationToken cancellationToken)
    {
        string keys = string.Concat(Enumerable.Range(0, _spine.KeyCount).Select(
            static i => string.Create(CultureInfo.InvariantCulture, $", k{i} varchar")));
        connection.Execute($"create temp table {SpineTable} (row bigint, time timestamp{keys})", cancellationToken);
        using DuckAppender appender = new(connection, SpineTable);
        DuckColumns columns = appender.Columns;
        byte[] utf8 = new byte[256];
        int at = 0;
        for (int row = 0; row < _spine.RowCount; row++)
        {
            columns.Column<long>(0)[at] = row;
            columns.Column<long>(1)[at] = _spine.TimeMicros(row);
            for (int key = 0; key < _spine.KeyCount; key++)
            {
                SetKey(columns, key + 2, at, _spine.Key(row, key), ref utf8);
            }

            if (++at == DuckColumns.Capacity)
            {
                appender.Send(at);
                at = 0;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        appender.Send(at);
        appender.Flush();
    }

    private static void SetKey(DuckColumns columns, int column, int row, string? key, ref byte[] utf8)
    {
        if (key is null)
        {
            columns.SetNull(column, row);
            return;
        }

        int most = Encoding.UTF8.GetMaxByteCount(key.Length);
        if (most > utf8.Length)
        {
            utf8 = new byte[most];
        }

        columns.SetUtf8(column, row, utf8.AsSpan(0, Encoding.UTF8.GetBytes(key, utf8)));
    }
}
