using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <content>Table functions: relations whose rows are made here.</content>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    public static partial nint duckdb_create_table_function();

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_table_function(nint* function);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void duckdb_table_function_set_name(nint function, string name);

    [LibraryImport(Library)]
    public static partial void duckdb_table_function_add_parameter(nint function, nint type);

    [LibraryImport(Library)]
    public static partial void duckdb_table_function_set_extra_info(nint function, nint extra, nint destroy);

    [LibraryImport(Library)]
    public static partial void duckdb_table_function_set_bind(nint function, delegate* unmanaged[Cdecl]<nint, void> bind);

    [LibraryImport(Library)]
    public static partial void duckdb_table_function_set_init(nint function, delegate* unmanaged[Cdecl]<nint, void> init);

    [LibraryImport(Library)]
    public static partial void duckdb_table_function_set_function(
        nint function, delegate* unmanaged[Cdecl]<nint, nint, void> fill);

    [LibraryImport(Library)]
    public static partial int duckdb_register_table_function(DuckConnectionHandle connection, nint function);

    [LibraryImport(Library)]
    public static partial nint duckdb_bind_get_extra_info(nint bind);

    [LibraryImport(Library)]
    public static partial nint duckdb_bind_get_parameter(nint bind, ulong index);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void duckdb_bind_add_result_column(nint bind, string name, nint type);

    [LibraryImport(Library)]
    public static partial void duckdb_bind_set_bind_data(nint bind, nint data, nint destroy);

    [LibraryImport(Library)]
    public static partial nint duckdb_function_get_extra_info(nint function);

    [LibraryImport(Library)]
    public static partial nint duckdb_function_get_bind_data(nint function);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void duckdb_function_set_error(nint function, string message);

    [LibraryImport(Library)]
    public static partial long duckdb_get_int64(nint value);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_value(nint* value);

    [LibraryImport(Library)]
    public static partial nint duckdb_create_logical_type(DuckType type);

    [LibraryImport(Library)]
    public static partial nint duckdb_create_list_type(nint element);
}
