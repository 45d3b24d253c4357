using System.Globalization;
using System.Text;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Queries;

/// <summary>A query of one table as SQL.</summary>
internal sealed class ScanPlan
{
    private readonly LakeQuery _query;
    private readonly TableSource _source;
    private readonly Conditions _conditions;

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

        Columns = query.Columns.Count == 0 ? source.All : [.. query.Columns.Select(source.Column)];
    }

    /// <summary>The columns of the result.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; }

    /// <summary>Prepares the query.</summary>
    public DuckStatement Prepare(DuckConnection connection, IObjectStore store, CancellationToken cancellationToken)
    {
        PartFilter filter = new(_query.From, _query.To, _query.KnownUntil, _query.Where);
        string relation = _source.Relation(Needed(), filter, store, cancellationToken);
        StringBuilder sql = new("select ");
        sql.AppendJoin(", ", Columns.Select(static column => Sql.Name(column.Name)));
        sql.Append(" from ").Append(relation).Append(_conditions.Clause);
        if (_query.OrderBy.Count > 0)
        {
            sql.Append(" order by ").AppendJoin(", ", _query.OrderBy.Select(Order));
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
        HashSet<LakeColumn> needed = [.. Columns, .. _query.Where.Select(filter => _source.Column(filter.Column))];
        needed.UnionWith(_query.OrderBy.Select(name => _source.Column(name.TrimStart('-'))));
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

    private string Order(string name) =>
        $"{Sql.Name(_source.Column(name.TrimStart('-')).Name)} {(name.StartsWith('-') ? "desc" : "asc")} nulls last";
}
