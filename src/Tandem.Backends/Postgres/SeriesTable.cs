using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Tandem.Features;

namespace Tandem.Backends.Postgres;

/// <summary>The statements. A system has a schema with two tables: <c>series</c>, a row an entity and kind, and
/// <c>place</c>, one row that says how far in the log they are.</summary>
/// <remarks>What is read is read by one statement, or two of one transaction that see the same, and what is written is written by one, so that rows and place always
/// belong together. A commit does not wait for the server's disk: a crash takes it back to an earlier place with the rows
/// of that place, and the log has the rest.</remarks>
internal sealed partial class SeriesTable : IDisposable
{
    private const NpgsqlDbType Bytes = NpgsqlDbType.Array | NpgsqlDbType.Bytea;

    private readonly NpgsqlDataSource _source;
    private readonly string _schema;
    private readonly string _read;
    private readonly string _move;

    public SeriesTable(PostgresOptions options)
    {
        _schema = SeriesKeys.Schema(options.Name);
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = options.Address.Host,
            Port = options.Address.Port,
            Database = options.Address.Database,
            Username = options.Address.User,
            Password = options.Address.Password,
            SslMode = options.Address.Mode,
            ApplicationName = "Tandem",
            MaxPoolSize = options.Connections,
            Timeout = Math.Max(1, (int)Math.Ceiling(options.Patience.TotalSeconds)),
            CommandTimeout = (int)Math.Ceiling(options.ApplyTimeout.TotalSeconds),
            CancellationTimeout = 500,
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
            Options = "-c synchronous_commit=off -c jit=off",
        });

        // The place stands first: an append plan gives its parts in order, and the rows may depend on it.
        _read = $"""
            select fill, applied_until, layout, case when $2 then state end, null::bytea, null::bytea from {_schema}.place
            union all
            select null, null, null, null, key, series from {_schema}.series where key = any($1)
            """;
        _move = $"""
            with moved as (
              update {_schema}.place set applied_until = $3, state = $4
              where applied_until = $2 and fill = $1 returning 1),
            put as (
              insert into {_schema}.series as held (key, applied_until, series)
              select key, $3, series from unnest($5, $6) as rows (key, series) where exists (select from moved)
              on conflict (key) do update set applied_until = excluded.applied_until, series = excluded.series
              where held.applied_until < excluded.applied_until)
            select count(*) from moved
            """;
    }

    /// <summary>Reads the place, and the rows of some keys as they are at that place.</summary>
    /// <param name="more">Gives more keys, once the rows of the first are there; their rows are as of the same place. Null
    /// for none.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="withState">True for the whole description of the place.</param>
    /// <param name="take">Gets each row, behind the place.</param>
    /// <param name="begin">Gets the place first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Where the server stands; null where nothing was filled yet.</returns>
    public async Task<ServerPlace?> ReadAsync(
        byte[][] keys, bool withState, Action<ServerPlace> begin, Action<byte[], byte[]> take, Func<byte[][]>? more,
        CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = connection.ConfigureAwait(false);
        if (more is null)
        {
            return await ReadAsync(connection, keys, withState, begin, take, cancellationToken).ConfigureAwait(false);
        }

        // Both statements see what the first saw, and the transaction's lock keeps a new filling waiting meanwhile.
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closingToo = transaction.ConfigureAwait(false);
        ServerPlace? place = await ReadAsync(connection, keys, withState, begin, take, cancellationToken)
            .ConfigureAwait(false);
        if (place is not null && more() is { Length: > 0 } others)
        {
            await ReadAsync(connection, others, withState: false, static _ => { }, take, cancellationToken)
                .ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return place;
    }

    private async Task<ServerPlace?> ReadAsync(
        NpgsqlConnection connection, byte[][] keys, bool withState, Action<ServerPlace> begin,
        Action<byte[], byte[]> take, CancellationToken cancellationToken)
    {
        NpgsqlBatch batch = new(connection);
        await using ConfiguredAsyncDisposable closing = batch.ConfigureAwait(false);
        NpgsqlBatchCommand command = new(_read);
        batch.BatchCommands.Add(command);
        command.Parameters.Add(new NpgsqlParameter { Value = keys, NpgsqlDbType = Bytes });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = withState });
        NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closingToo = reader.ConfigureAwait(false);
        ServerPlace? place = null;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (place is null)
            {
                place = Place(reader);
                if (place is null)
                {
                    return null;
                }

                begin(place);
                continue;
            }

            Row(reader, take);
        }

        return place;
    }

    /// <summary>Writes rows and moves the place, where it stands as expected.</summary>
    /// <param name="fill">The filling.</param>
    /// <param name="from">Where it should stand.</param>
    /// <param name="to">Where it stands then.</param>
    /// <param name="keys">Keys of the rows.</param>
    /// <param name="series">Their content.</param>
    /// <param name="cancellationToken">Stops it: then all of it was written, or nothing.</param>
    /// <returns>False where it stands elsewhere, and nothing was written.</returns>
    public async Task<bool> MoveAsync(
        Guid fill, long from, FeatureSnapshot to, byte[][] keys, ReadOnlyMemory<byte>[] series,
        CancellationToken cancellationToken)
    {
        NpgsqlCommand command = _source.CreateCommand(_move);
        await using ConfiguredAsyncDisposable closing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = fill });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to.AppliedUntil });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = to.ToJson() });
        command.Parameters.Add(new NpgsqlParameter { Value = keys, NpgsqlDbType = Bytes });
        command.Parameters.Add(new NpgsqlParameter { Value = series, NpgsqlDbType = Bytes });
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))! == 1;
    }

    /// <summary>Deletes everything, and the files that held it.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        NpgsqlCommand command = _source.CreateCommand(
            $"drop schema if exists {_schema} cascade");
        await using ConfiguredAsyncDisposable closing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _source.Dispose();

    // Null where a row of a series stands first: nothing was filled yet.
    private static ServerPlace? Place(NpgsqlDataReader reader) => reader.IsDBNull(0)
        ? null
        : new ServerPlace(
            reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2),
            reader.IsDBNull(3) ? null : FeatureSnapshot.Read(reader.GetString(3)));

    private static void Row(NpgsqlDataReader reader, Action<byte[], byte[]> take) =>
        take(reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5));
}
