using System.Text;
using Tandem.Events;
using Tandem.Lake.Native;
using Tandem.Lake.Queries;
using Tandem.Storage;

namespace Tandem.Lake;

/// <summary>The lake as one manifest describes it: whatever is compacted meanwhile, its rows stay the same. Locks
/// nothing.</summary>
/// <remarks>Thread safe; every reader runs on a connection of its own. Ends with its lake.</remarks>
public sealed class LakeSnapshot : IDisposable
{
    private readonly DuckDatabase _database;
    private readonly LakeTables _tables;
    private readonly IObjectStore _store;
    private bool _disposed;

    internal LakeSnapshot(DuckDatabase database, LakeTables tables, IObjectStore store, LakeManifest manifest)
    {
        _database = database;
        _tables = tables;
        _store = store;
        Manifest = manifest;
    }

    /// <summary>What it is made of; figures of each table need no file to be read.</summary>
    public LakeManifest Manifest { get; }

    /// <summary>Columns of a table: the envelope's, its entities, the declared ones, and <c>extra</c>.</summary>
    /// <param name="table">Name of the table.</param>
    /// <exception cref="Tandem.Faults.TandemException">LAK008: there is no such table.</exception>
    public IReadOnlyList<LakeColumn> ColumnsOf(string table) => new TableSource(_tables, Manifest, table).All;

    /// <summary>Rows of a table; 0 where it has none. Reads no file.</summary>
    /// <param name="table">Name of the table.</param>
    public long CountRows(string table) => Manifest.Find(table)?.RowCount ?? 0;

    /// <summary>Hash of a table's files that may hold rows known by a moment, <c>sha256:…</c>: while it is the same, so is
    /// what queries as known then find. Reads no file.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="knownUntil">The moment.</param>
    public string HashOf(string table, DateTimeOffset knownUntil)
    {
        IEnumerable<string> hashes = Manifest.Find(table)?.Parts
            .Where(part => !(part.FirstKnown > knownUntil)).Select(static part => part.Hash) ?? [];
        return ContentHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', hashes.Order(StringComparer.Ordinal))));
    }

    /// <summary>Entities of a table, those declared now first, then those that older rows name.</summary>
    /// <param name="table">Name of the table.</param>
    public IReadOnlyList<string> EntitiesOf(string table) =>
    [
        .. _tables.Find(table).Entities
            .Concat(Manifest.Find(table)?.Schemas.SelectMany(static schema => schema.Entities) ?? [])
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Reads rows back as the events that they were: id, type, entities, times and data, in the order of the
    /// log. What else an event has is left out.</summary>
    /// <param name="queries">Which rows of which tables.</param>
    /// <param name="cancellationToken">Interrupts the queries, now and while they are read.</param>
    /// <exception cref="Tandem.Faults.TandemException">LAK008, LAK009: there is no such table or column; LAK002: the
    /// engine failed.</exception>
    /// <remarks>Data has its declared columns first and is written anew: numbers in lists are those of 32 bits that the
    /// lake keeps.</remarks>
    public IEnumerable<EventRecord> ReadEvents(
        IReadOnlyList<LakeEventQuery> queries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        List<EventCursor> cursors = [];
        try
        {
            PriorityQueue<EventCursor, long> next = new();
            foreach (LakeEventQuery query in queries)
            {
                EventCursor cursor = new(this, query, cancellationToken);
                cursors.Add(cursor);
                if (cursor.MoveNext())
                {
                    next.Enqueue(cursor, cursor.Position);
                }
            }

            while (next.TryPeek(out EventCursor? cursor, out _))
            {
                yield return cursor.Read();
                _ = cursor.MoveNext()
                    ? next.DequeueEnqueue(cursor, cursor.Position)
                    : next.Dequeue();
            }
        }
        finally
        {
            cursors.ForEach(static cursor => cursor.Dispose());
        }
    }

    /// <summary>Reads rows of one table.</summary>
    /// <param name="query">Which rows and columns.</param>
    /// <param name="cancellationToken">Interrupts the query, now and while it is read.</param>
    /// <exception cref="Tandem.Faults.TandemException">LAK008, LAK009: there is no such table or column; LAK002: the
    /// engine failed.</exception>
    /// <exception cref="ArgumentException">A filter's value does not fit its column.</exception>
    public LakeReader Scan(LakeQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ScanPlan plan = new(query, new TableSource(_tables, Manifest, query.Table));
        return Open(plan.Columns, connection => plan.Prepare(connection, _store, cancellationToken), cancellationToken);
    }

    /// <summary>Looks up, for each row of a spine, the latest event of its keys as of its moment.</summary>
    /// <param name="spine">The rows; each comes back exactly once.</param>
    /// <param name="join">What to look up.</param>
    /// <param name="cancellationToken">Interrupts the query, now and while it is read.</param>
    /// <returns>Column <c>row</c>, the row's number in the spine, then the join's columns; in no promised
    /// order.</returns>
    /// <exception cref="Tandem.Faults.TandemException">LAK008, LAK009: there is no such table or column; LAK002: the
    /// engine failed.</exception>
    /// <exception cref="ArgumentException">The keys of spine and join do not fit.</exception>
    /// <remarks>O(n log n) in events and rows; what does not fit into memory is spilled to disk.</remarks>
    public LakeReader JoinAsOf(LakeSpine spine, LakeAsOfJoin join, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spine);
        ArgumentNullException.ThrowIfNull(join);
        ObjectDisposedException.ThrowIf(_disposed, this);
        AsOfPlan plan = new(spine, join, new TableSource(_tables, Manifest, join.Table));
        return Open(plan.Columns, connection => plan.Prepare(connection, _store, cancellationToken), cancellationToken);
    }

    /// <summary>Ends the snapshot; readers that are open go on.</summary>
    public void Dispose() => _disposed = true;

    private LakeReader Open(
        IReadOnlyList<LakeColumn> columns,
        Func<DuckConnection, DuckStatement> prepare,
        CancellationToken cancellationToken)
    {
        DuckConnection connection = _database.Connect();
        DuckStatement? statement = null;
        try
        {
            statement = prepare(connection);
            return new LakeReader(connection, statement, statement.Stream(cancellationToken), columns);
        }
        catch
        {
            statement?.Dispose();
            connection.Dispose();
            throw;
        }
    }
}
