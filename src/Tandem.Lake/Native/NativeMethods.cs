using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>DuckDB's C API, as far as the lake uses it: databases, connections, statements and results. Names and
/// signatures are those of <c>duckdb.h</c> 1.5.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "duckdb";

    static NativeMethods()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(NativeMethods).Assembly, static (name, _, _) => name == Library ? DuckLibrary.Load() : 0);
    }

    [LibraryImport(Library)]
    public static partial int duckdb_create_config(nint* config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_set_config(nint config, string name, string option);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_config(nint* config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_open_ext(string? path, nint* database, nint config, byte** error);

    [LibraryImport(Library)]
    public static partial void duckdb_close(nint* database);

    [LibraryImport(Library)]
    public static partial int duckdb_connect(DuckDatabaseHandle database, nint* connection);

    [LibraryImport(Library)]
    public static partial void duckdb_disconnect(nint* connection);

    [LibraryImport(Library)]
    public static partial void duckdb_interrupt(DuckConnectionHandle connection);

    [LibraryImport(Library)]
    public static partial void duckdb_free(void* memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ulong duckdb_extract_statements(
        DuckConnectionHandle connection, string sql, nint* statements);

    [LibraryImport(Library)]
    public static partial byte* duckdb_extract_statements_error(nint statements);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_extracted(nint* statements);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_prepare(DuckConnectionHandle connection, string sql, nint* statement);

    [LibraryImport(Library)]
    public static partial byte* duckdb_prepare_error(nint statement);

    [LibraryImport(Library)]
    public static partial int duckdb_prepared_statement_type(DuckStatementHandle statement);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_prepare(nint* statement);

    [LibraryImport(Library)]
    public static partial int duckdb_bind_null(DuckStatementHandle statement, ulong index);

    [LibraryImport(Library)]
    public static partial int duckdb_bind_boolean(DuckStatementHandle statement, ulong index, byte value);

    [LibraryImport(Library)]
    public static partial int duckdb_bind_int64(DuckStatementHandle statement, ulong index, long value);

    [LibraryImport(Library)]
    public static partial int duckdb_bind_double(DuckStatementHandle statement, ulong index, double value);

    [LibraryImport(Library)]
    public static partial int duckdb_bind_timestamp(DuckStatementHandle statement, ulong index, long micros);

    [LibraryImport(Library)]
    public static partial int duckdb_bind_varchar_length(
        DuckStatementHandle statement, ulong index, byte* value, ulong length);

    [LibraryImport(Library)]
    public static partial int duckdb_execute_prepared(DuckStatementHandle statement, DuckResult* result);

    [LibraryImport(Library)]
    public static partial int duckdb_pending_prepared_streaming(DuckStatementHandle statement, nint* pending);

    [LibraryImport(Library)]
    public static partial int duckdb_execute_pending(nint pending, DuckResult* result);

    [LibraryImport(Library)]
    public static partial byte* duckdb_pending_error(nint pending);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_pending(nint* pending);

    [LibraryImport(Library)]
    public static partial byte* duckdb_result_error(DuckResult* result);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_result(DuckResult* result);

    [LibraryImport(Library)]
    public static partial ulong duckdb_column_count(DuckResult* result);

    [LibraryImport(Library)]
    public static partial byte* duckdb_column_name(DuckResult* result, ulong column);

    [LibraryImport(Library)]
    public static partial DuckType duckdb_column_type(DuckResult* result, ulong column);

    [LibraryImport(Library)]
    public static partial nint duckdb_fetch_chunk(DuckResult result);
}
