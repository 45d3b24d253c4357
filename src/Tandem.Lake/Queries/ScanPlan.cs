using System.Globalization;
using System.Text;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Queries;

/// <summary>A query of one table as SQL.</summary>
internal sealed class ScanPlan
{
    private const string KeyTable = "keys";
    private const string Number = "@number";

    private readonly LakeQuery _query;
    private readonly TableSource _source;
    private readonly Conditions _conditions;
    private readonly IReadOnlyList<LakeColumn> _read;

    public ScanPlan(LakeQuery query, TableSource source)
    {
        if (query.Limit < 0)
        {
            throw new ArgumentException($"The limit is {query.Limit}; it cannot be negative.", nameof(query));
        }

        _query = query;
        _source = source;
        _conditions = new Conditions(source);
        _conditions.AddTimes(query.From, query.To, query.KnownUntil);
        foreach (LakeFilter filter in query.Where)
        {
            _conditions.Add(filter);
        }

        _read = query.Columns.Count == 0 ? source.All : [.. query.Columns.Select(source.Column)];
        Columns = query.Keys is null ? _read : [new LakeColumn(Number, LakeType.Whole), .. _read];
    }

    /// <summary>The columns of the result.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; }

    /// <summary>Prepares the query.</summary>
    public DuckStatement Prepare(DuckConnection connection, IObjectStore store, CancellationToken cancellationToken)
    {
        PartFilter filter = new(_query.From, _query.To, _query.KnownUntil, _query.Where);
        string relation = _source.Relation(Needed(), filter, store, cancellationToken);
        if (_query.Keys is { } keys)
        {
            FillKeys(connection, keys, cancellationToken);
            relation += $" join {KeyTable} on {Sql.Name(_source.Column(keys.Column).Name)} = \"@key\"";
        }

        StringBuilder sql = new("select ");
        sql.AppendJoin(", ", Columns.Select(static column => Sql.Name(column.Name)));
        sql.Append(" from ").Append(relation).Append(_conditions.Clause);
        string[] order = [.. _query.Keys is null ? [] : new[] { Sql.Name(Number) }, .. _query.OrderBy.Select(Order)];
        if (order.Length > 0)
        {
            sql.Append(" order by ").AppendJoin(", ", order);
        }

        if (_query.Limit is { } limit)
        {
            sql.Append(CultureInfo.InvariantCulture, $" limit {limit}");
        }

        DuckStatement statement = connection.Prepare(sql.ToString());
        _conditions.Bind(statement);
        return statement;
    }

    private HashSet<LakeColumn> Needed()
    {
        HashSet<LakeColumn> needed = [.. _read, .. _query.Where.Select(filter => _source.Column(filter.Column))];
        needed.UnionWith(_query.OrderBy.Select(name => _source.Column(name.TrimStart('-'))));
        if (_query.Keys is { } keys)
        {
            needed.Add(_source.Column(keys.Column));
        }

        if (_query.From is not null || _query.To is not null)
        {
            needed.Add(_source.Column(LakeEnvelope.EventTime));
        }

        if (_query.KnownUntil is not null)
        {
            needed.Add(_source.Column(LakeEnvelope.KnownTime));
        }

        return needed;
    }

    private static void FillKeys(DuckConnection connection, LakeKeys keys, CancellationToken cancellationToken)
    {
        connection.Execute(
            $"create temp table {KeyTable} (\"@key\" varchar, {Sql.Name(Number)} bigint)", cancellationToken);
        using DuckAppender appender = new(connection, KeyTable);
        int at = 0;
        for (int number = 0; number < keys.Values.Count; number++)
        {
            appender.Columns.SetUtf8(0, at, Encoding.UTF8.GetBytes(keys.Values[number]));
            appender.Columns.Column<long>(1)[at] = number;
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

    private string Order(string name) =>
        $"{Sql.Name(_source.Column(name.TrimStart('-')).Name)} {(name.StartsWith('-') ? "desc" : "asc")} nulls last";
}
