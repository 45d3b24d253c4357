using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace Tandem.Backends.Postgres;

/// <content>Filling: a new table takes the place of the old one.</content>
internal sealed partial class SeriesTable
{
    // Rows of a few kilobytes stay in the table itself, and leave room for the next version beside them.
    private string[] Making =>
    [
        $"create schema if not exists {_schema}",
        $"""
        create table if not exists {_schema}.place (
          one boolean primary key default true check (one), fill uuid not null, applied_until bigint not null,
          layout text not null, state text not null)
        """,
        $"""
        create table {_schema}.series_filling (
          key bytea not null, applied_until bigint not null, series bytea not null)
          with (fillfactor = 50, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05)
        """,
        $"alter table {_schema}.series_filling alter column series set storage external",
    ];

    private string[] Swapping =>
    [
        $"alter table {_schema}.series_filling add primary key (key)",
        $"drop table if exists {_schema}.series",
        $"alter table {_schema}.series_filling rename to series",
    ];

    /// <summary>Replaces everything at once: readers see what was there until all of it is.</summary>
    /// <param name="place">Where the rows stand, with its state.</param>
    /// <param name="rows">Keys and series.</param>
    /// <param name="cancellationToken">Stops it; then nothing has changed.</param>
    public async Task FillAsync(
        ServerPlace place, IEnumerable<(byte[] Key, ReadOnlyMemory<byte> Series)> rows,
        CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = connection.ConfigureAwait(false);
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closingToo = transaction.ConfigureAwait(false);
        await RunAsync(transaction, Making.Select(Plain), cancellationToken).ConfigureAwait(false);
        await CopyAsync(connection, place.AppliedUntil, rows, cancellationToken).ConfigureAwait(false);
        NpgsqlBatchCommand put = Plain(
            $"""
            insert into {_schema}.place (fill, applied_until, layout, state) values ($1, $2, $3, $4)
            on conflict (one) do update set fill = excluded.fill, applied_until = excluded.applied_until,
            layout = excluded.layout, state = excluded.state
            """);
        put.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = place.Fill });
        put.Parameters.Add(new NpgsqlParameter<long> { TypedValue = place.AppliedUntil });
        put.Parameters.Add(new NpgsqlParameter<string> { TypedValue = place.Layout });
        put.Parameters.Add(new NpgsqlParameter<string> { TypedValue = place.State!.ToJson() });
        await RunAsync(transaction, [.. Swapping.Select(Plain), put], cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyAsync(
        NpgsqlConnection connection, long appliedUntil, IEnumerable<(byte[] Key, ReadOnlyMemory<byte> Series)> rows,
        CancellationToken cancellationToken)
    {
        NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
            $"copy {_schema}.series_filling (key, applied_until, series) from stdin (format binary)", cancellationToken)
            .ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = importer.ConfigureAwait(false);
        foreach ((byte[] key, ReadOnlyMemory<byte> series) in rows)
        {
            await importer.StartRowAsync(cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(key, NpgsqlDbType.Bytea, cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(appliedUntil, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(series, NpgsqlDbType.Bytea, cancellationToken).ConfigureAwait(false);
        }

        await importer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static NpgsqlBatchCommand Plain(string statement) => new(statement);

    private static async Task RunAsync(
        NpgsqlTransaction transaction, IEnumerable<NpgsqlBatchCommand> commands, CancellationToken cancellationToken)
    {
        NpgsqlBatch batch = new(transaction.Connection, transaction);
        await using ConfiguredAsyncDisposable closing = batch.ConfigureAwait(false);
        foreach (NpgsqlBatchCommand command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
