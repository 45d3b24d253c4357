using Tandem.Events;
using Tandem.Lake;
using Tandem.Serving;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>What the serving loop takes from the lake when it starts: every event that it would have taken from the log,
/// with no more of it than it reads.</summary>
internal sealed class LakeHistory
{
    private readonly SystemSpec _spec;
    private readonly string _user;
    private readonly string _item;

    public LakeHistory(SystemSpec spec)
    {
        _spec = spec;
        (_user, _item) = ServingLoop.Roles(spec);
    }

    /// <summary>Reads the events, in the order of the log.</summary>
    /// <param name="snapshot">The lake.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public IEnumerable<EventRecord> Read(LakeSnapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.ReadEvents(
            [
                .. snapshot.Manifest.Tables
                    .Where(table => table.Name != _spec.Objective.Label.Impression)
                    .Select(table => Query(table.Name, snapshot.EntitiesOf(table.Name))),
            ],
            cancellationToken);

    private LakeEventQuery Query(string table, IReadOnlyList<string> entities)
    {
        SourceSpec? source = _spec.Sources.GetValueOrDefault(table);
        if (source is { Kind: SourceKind.Table } && source.Entities[0] == _item)
        {
            return new LakeEventQuery { Table = table, Columns = ItemColumns(source) };
        }

        bool isAction = entities.Contains(_user, StringComparer.Ordinal) && entities.Contains(_item, StringComparer.Ordinal);
        return new LakeEventQuery
        {
            Table = table,
            Columns = table == _spec.Objective.Label.Event ? LabelColumns() : [],

            // Entities that the table does not declare are among what no column holds.
            Where = isAction ? [] : [new LakeFilter(LakeEnvelope.Extra, LakeComparison.IsNotNull)],
        };
    }

    private static string[] ItemColumns(SourceSpec source) =>
    [
        .. source.Columns
            .Where(static column => column.Value.Type == ColumnType.Text || column.Key == SourceSpec.DeletedColumn)
            .Select(static column => column.Key),
    ];

    private string[] LabelColumns() =>
        [.. _spec.Objective.Label.AnyOf.Select(static condition => condition.Column).Distinct(StringComparer.Ordinal)];
}
