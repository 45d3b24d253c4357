using System.Globalization;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>An interaction query, checked against its source.</summary>
internal sealed class InteractionPlan
{
    private const string PartColumn = "part";
    private readonly InteractionQuery _query;
    private readonly SourceShape _shape;
    private readonly int _user;
    private readonly int _item;
    private readonly List<RowCondition> _anyOf = [];

    public InteractionPlan(SystemSpec spec, InteractionQuery query)
    {
        _query = query;
        SourceSpec source = Check(spec, query);
        _shape = new SourceShape(query.Source, source);
        _user = _shape.Column(query.UserEntity);
        _item = _shape.Column(query.ItemEntity);
        foreach (ConditionSpec condition in query.AnyOf)
        {
            int column = _shape.Column(condition.Column);
            _anyOf.Add(new RowCondition(column, _shape.Columns[column], condition));
        }

        Definition = string.Create(CultureInfo.InvariantCulture,
            $"tandem-interactions 1\n{query.Source} {query.UserEntity} {query.ItemEntity} {query.From:O} {query.To:O} "
            + $"{query.KnownUntil:O} {query.Now:O} {query.Part}\n")
            + string.Concat(DefinitionHash.Conditions(name => SourceColumn.Find(source, name), query.AnyOf));
    }

    public bool HasTimes => _shape.HasTimes;

    /// <summary>What was asked for, as canonical text.</summary>
    public string Definition { get; }

    public void Read(
        LakeSnapshot snapshot, EntityIndex users, EntityIndex items, InteractionRows rows,
        CancellationToken cancellationToken)
    {
        var lake = new LakeRows(_shape, withIds: false);
        var row = new SourceRow(_shape.Columns.Count);
        using LakeReader reader = snapshot.Scan(
            new LakeQuery
            {
                Table = _shape.Name,
                Columns = lake.Columns,
                From = HasTimes ? _query.From : null,
                To = HasTimes ? _query.To : null,
                KnownUntil = _query.KnownUntil,
                Where = _query.Part is null ? [] : [new LakeFilter(PartColumn, LakeComparison.Equal, _query.Part)],
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            for (int i = 0; i < reader.RowCount; i++)
            {
                lake.Fill(reader, i, row);
                if (!row.IsNull(_user) && !row.IsNull(_item) && Counts(row))
                {
                    rows.Add(users.FindOrAdd(row.Utf8(_user)), items.FindOrAdd(row.Utf8(_item)), row.EventTime);
                }
            }
        }
    }

    private static SourceSpec Check(SystemSpec spec, InteractionQuery query)
    {
        string place = "objective.label";
        if (!spec.Sources.TryGetValue(query.Source, out SourceSpec? source))
        {
            throw new TandemException(FeaturesErrors.UnknownSource(place, query.Source));
        }

        var faults = new List<Fault>();
        bool isPartMissing = query.Part is { } part && source.Import?.Files.ContainsKey(part) != true;
        string[] names = [query.UserEntity, query.ItemEntity, .. isPartMissing ? (string[])[PartColumn] : []];
        foreach (string name in names.Where(n => SourceColumn.Find(source, n) is null))
        {
            faults.Add(FeaturesErrors.UnknownColumn(place, name, query.Source, place));
        }

        foreach (ConditionSpec condition in query.AnyOf)
        {
            if (SourceColumn.Find(source, condition.Column) is not SourceColumn column)
            {
                faults.Add(FeaturesErrors.UnknownColumn(place, condition.Column, query.Source, place));
            }
            else if (RowCondition.Refusal(column, condition) is string why)
            {
                faults.Add(FeaturesErrors.WrongCondition(place, condition.Column, why));
            }
        }

        return faults.Count == 0 ? source : throw new TandemException(faults);
    }

    private bool Counts(SourceRow row)
    {
        foreach (RowCondition condition in _anyOf)
        {
            if (condition.Holds(row))
            {
                return true;
            }
        }

        return _anyOf.Count == 0;
    }
}
