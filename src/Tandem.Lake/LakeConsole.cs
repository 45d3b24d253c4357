using System.Diagnostics;
using System.Globalization;
using Tandem.Faults;
using Tandem.Lake.Native;
using Tandem.Lake.Queries;
using Tandem.Storage;

namespace Tandem.Lake;

/// <summary>SQL over the lake's tables, for people: reads them and nothing else.</summary>
/// <remarks>An engine of its own, with a view for each table. Before the first query the engine is told to open no
/// file but the views', and its settings are locked; and only a statement that reads is run. For one thread.</remarks>
public sealed class LakeConsole : IDisposable
{
    private static readonly char[] Around = [.. " \t\r\n;"];

    private readonly DuckDatabase _database;
    private readonly DuckConnection _connection;
    private readonly WorkFolder _folder;

    private LakeConsole(
        LakeTables tables, LakeManifest manifest, LakeMoment moment, IObjectStore store, LakeOptions options,
        CancellationToken cancellationToken)
    {
        _folder = WorkFolder.Create(store.StagingFolder);
        _database = LakeDatabase.Open(options, _folder.File("spill"));
        _connection = _database.Connect();
        Manifest = manifest;
        Tables = [.. tables.Names.Union(manifest.Tables.Select(static table => table.Name), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
        PartFilter filter = new(null, null, moment.KnownUntil, []);
        foreach (string table in Tables)
        {
            TableSource source = new(tables, manifest, table);
            Conditions conditions = new(source);
            conditions.AddTimes(null, null, moment.KnownUntil);
            if (moment.Before is { } before)
            {
                conditions.Add(string.Create(CultureInfo.InvariantCulture, $"log_position < {before.Offset}"));
            }

            string relation = source.Relation(source.All, filter, store, cancellationToken);
            _connection.Execute(
                $"create view {Sql.Name(table)} as select * from {relation}{conditions.Clause}", cancellationToken);
        }

        Confine(manifest, store, cancellationToken);
    }

    /// <summary>The manifest that is looked at.</summary>
    public LakeManifest Manifest { get; }

    /// <summary>Names of the tables, in ordinal order.</summary>
    public IReadOnlyList<string> Tables { get; }

    /// <summary>Cuts a text into its statements.</summary>
    /// <param name="sql">Statements, a semicolon between each two.</param>
    /// <returns>Each as it is written, without the semicolons around it; none where nothing is asked.</returns>
    /// <exception cref="TandemException">LAK013: one of them does not parse, so that none should run.</exception>
    /// <remarks>The engine's parser decides: a semicolon separates two statements where the texts before and after it
    /// hold as many statements as both together. One in a text or a comment does not: it leaves a text open, or a
    /// count too high, or words that do not parse.</remarks>
    public IReadOnlyList<string> Statements(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        int count;
        try
        {
            count = _connection.CountStatements(sql);
        }
        catch (TandemException e) when (e.Fault.Code == LakeErrors.EngineCode)
        {
            throw LakeErrors.QueryFailed(e);
        }

        List<string> statements = [];
        for (string rest = sql; count > 0; count--)
        {
            int end = count == 1 ? rest.Length : EndOfFirst(rest, count);
            statements.Add(rest[..end].Trim(Around));
            rest = rest[end..];
        }

        return statements;
    }

    /// <summary>Lists the columns of a table with their types.</summary>
    /// <param name="table">The table.</param>
    /// <param name="form">How the rows are given.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    /// <exception cref="TandemException">LAK008: there is no such table.</exception>
    public LakeReader Describe(
        string table, LakeResultForm form = LakeResultForm.Text, CancellationToken cancellationToken = default) =>
        Tables.Contains(table, StringComparer.OrdinalIgnoreCase)
            ? Query($"select column_name, column_type from (describe {Sql.Name(table)})", form, cancellationToken)
            : throw LakeErrors.NoSuchTable(table, Tables);

    /// <summary>Runs one query.</summary>
    /// <param name="sql">One statement that reads: <c>select</c>, <c>from</c>, <c>with</c>, <c>describe</c>,
    /// <c>show</c>.</param>
    /// <param name="form">How the rows are given.</param>
    /// <param name="cancellationToken">Interrupts the query, now and while it is read.</param>
    /// <returns>The rows, made as they are read.</returns>
    /// <exception cref="TandemException">LAK012: the statement does more than read; LAK013: the engine refuses it, or
    /// fails midway.</exception>
    public LakeReader Query(
        string sql, LakeResultForm form = LakeResultForm.Text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sql);
        string query = sql.Trim().TrimEnd(';');
        if (query.Length == 0)
        {
            throw LakeErrors.NotAQuery(query);
        }

        DuckStatement? statement = null;
        try
        {
            using (DuckStatement asked = _connection.Prepare(query))
            {
                if (!asked.IsSelect)
                {
                    throw LakeErrors.NotAQuery(query);
                }
            }

            string rows = form == LakeResultForm.Json ? "to_json(r)::varchar as row" : "columns(*)::varchar";
            statement = _connection.Prepare($"select {rows} from (\n{query}\n) r");
            DuckReader reader = statement.Stream(cancellationToken);
            return new LakeReader(
                null, statement, reader, [.. reader.Names.Select(static name => new LakeColumn(name, LakeType.Text))],
                LakeErrors.QueryFailed);
        }
        catch (TandemException e) when (e.Fault.Code == LakeErrors.EngineCode)
        {
            statement?.Dispose();
            throw LakeErrors.QueryFailed(e);
        }
        catch
        {
            statement?.Dispose();
            throw;
        }
    }

    /// <summary>Closes the console.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    internal static async Task<LakeConsole> OpenAsync(
        LakeTables tables, LakeManifest manifest, LakeMoment moment, IObjectStore store, LakeOptions options,
        CancellationToken cancellationToken) =>
        await Task.Run(
            () => new LakeConsole(tables, manifest, moment, store, options, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Where the first of several statements ends, its semicolon included.</summary>
    private int EndOfFirst(string sql, int count)
    {
        for (int at = sql.IndexOf(';', StringComparison.Ordinal); at >= 0;
            at = sql.IndexOf(';', at + 1))
        {
            if (Counts(sql[..(at + 1)], 1) && Counts(sql[(at + 1)..], count - 1))
            {
                return at + 1;
            }
        }

        throw new UnreachableException($"DuckDB counts {count} statements that no semicolon separates.");
    }

    private bool Counts(string sql, int count)
    {
        try
        {
            return _connection.CountStatements(sql) == count;
        }
        catch (TandemException e) when (e.Fault.Code == LakeErrors.EngineCode)
        {
            return false;
        }
    }

    /// <summary>Shuts the engine in with the views' files and its own spill folder.</summary>
    private void Confine(LakeManifest manifest, IObjectStore store, CancellationToken cancellationToken)
    {
        string files = Sql.Paths(TableSource.LocalPaths(
            store, manifest.Tables.SelectMany(static table => table.Parts), cancellationToken));
        _connection.Execute($"set global allowed_paths = {files}", cancellationToken);
        _connection.Execute(
            $"set global allowed_directories = {Sql.Paths([_folder.File("spill")])}", cancellationToken);
        _connection.Execute("set global enable_external_access = false", cancellationToken);
        _connection.Execute("set global lock_configuration = true", cancellationToken);
    }
}
