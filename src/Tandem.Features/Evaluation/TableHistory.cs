using System.Text;
using Tandem.Lake;

namespace Tandem.Features.Evaluation;

/// <summary>The tables as they were at every place of the log, from the lake.</summary>
internal sealed class TableHistory : ITableState
{
    private readonly Dictionary<(string Table, string Column), Column> _columns = [];

    /// <summary>Reads the columns that the rows of some sources look up.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="shapes">The sources.</param>
    /// <param name="knownUntil">Rows that became known later do not count; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static TableHistory Read(
        LakeSnapshot snapshot, IEnumerable<SourceShape> shapes, DateTimeOffset? knownUntil,
        CancellationToken cancellationToken)
    {
        TableHistory history = new();
        foreach (TableColumn attribute in shapes.SelectMany(static shape => shape.Attributes)
            .DistinctBy(static attribute => (attribute.Table, attribute.Column)))
        {
            Column column = history.Of(attribute.Table, attribute.Column);
            using LakeReader reader = snapshot.Scan(
                new LakeQuery
                {
                    Table = attribute.Table,
                    Columns = [attribute.Entity, attribute.Column, LakeEnvelope.LogPosition, LakeEnvelope.KnownTime],
                    KnownUntil = knownUntil,
                    Where = [new LakeFilter(attribute.Entity, LakeComparison.IsNotNull)],
                    OrderBy = [LakeEnvelope.LogPosition],
                },
                cancellationToken);
            while (reader.Read())
            {
                for (int row = 0; row < reader.RowCount; row++)
                {
                    column.Add(
                        reader.Utf8(0, row), reader.IsNull(1, row) ? null : Encoding.UTF8.GetString(reader.Utf8(1, row)),
                        reader.Wholes(2)[row], reader.TimesMicros(3)[row]);
                }
            }
        }

        return history;
    }

    /// <summary>Adds a row that is newer than all others.</summary>
    public void Add(string table, string column, ReadOnlySpan<byte> id, string? text, long known) =>
        Of(table, column).Add(id, text, long.MaxValue - 1, known);

    public bool TryFind(string table, string column, scoped ReadOnlySpan<byte> id, long place, out ReadOnlySpan<byte> text)
    {
        string? found = Of(table, column).Find(id, place, long.MaxValue);
        text = found is null ? default : Encoding.UTF8.GetBytes(found);
        return found is not null;
    }

    /// <summary>Finds what a row of a spine knew.</summary>
    public string? Find(string table, string column, string id, long place, long knownUntil) =>
        Of(table, column).Find(Encoding.UTF8.GetBytes(id), place, knownUntil);

    private Column Of(string table, string name)
    {
        if (!_columns.TryGetValue((table, name), out Column? column))
        {
            _columns[(table, name)] = column = new Column();
        }

        return column;
    }

    private sealed class Column
    {
        private readonly EntityIndex _ids = new();
        private readonly List<List<(long Place, long Known, string? Text)>> _rows = [];

        public void Add(ReadOnlySpan<byte> id, string? text, long place, long known)
        {
            int entity = _ids.FindOrAdd(id);
            if (entity == _rows.Count)
            {
                _rows.Add([]);
            }

            _rows[entity].Add((place, known, text));
        }

        public string? Find(ReadOnlySpan<byte> id, long place, long knownUntil)
        {
            int entity = _ids.Find(id);
            if (entity < 0)
            {
                return null;
            }

            List<(long Place, long Known, string? Text)> rows = _rows[entity];
            int low = 0;
            for (int high = rows.Count; low < high;)
            {
                int middle = (low + high) >>> 1;
                (low, high) = rows[middle].Place < place ? (middle + 1, high) : (low, middle);
            }

            while (--low >= 0 && rows[low].Known > knownUntil)
            {
                // Known later than asked for.
            }

            return low < 0 ? null : rows[low].Text;
        }
    }
}
