using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>A table function over rows made here: <c>from name(i)</c> reads those of source i. Nothing may read them any
/// more once it is disposed.</summary>
internal sealed unsafe class DuckRowFunction : IDisposable
{
    private readonly IReadOnlyList<DuckRowSource> _sources;
    private GCHandle _self;

    public DuckRowFunction(DuckConnection connection, string name, IReadOnlyList<DuckRowSource> sources)
    {
        _sources = sources;
        _self = GCHandle.Alloc(this);
        nint function = NativeMethods.duckdb_create_table_function();
        nint index = NativeMethods.duckdb_create_logical_type(DuckType.BigInt);
        NativeMethods.duckdb_table_function_set_name(function, name);
        NativeMethods.duckdb_table_function_add_parameter(function, index);
        NativeMethods.duckdb_table_function_set_extra_info(function, GCHandle.ToIntPtr(_self), 0);
        NativeMethods.duckdb_table_function_set_bind(function, &Bind);
        NativeMethods.duckdb_table_function_set_init(function, &Begin);
        NativeMethods.duckdb_table_function_set_function(function, &Fill);
        int state = NativeMethods.duckdb_register_table_function(connection.Handle, function);
        NativeMethods.duckdb_destroy_logical_type(&index);
        NativeMethods.duckdb_destroy_table_function(&function);
        if (state != 0)
        {
            _self.Free();
            throw LakeErrors.Engine($"the function {name} could not be registered");
        }
    }

    public void Dispose() => _self.Free();

    private static DuckRowFunction Of(nint extra) => (DuckRowFunction)GCHandle.FromIntPtr(extra).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint bind)
    {
        nint parameter = NativeMethods.duckdb_bind_get_parameter(bind, 0);
        int index = (int)NativeMethods.duckdb_get_int64(parameter);
        NativeMethods.duckdb_destroy_value(&parameter);
        DuckRowSource source = Of(NativeMethods.duckdb_bind_get_extra_info(bind))._sources[index];
        foreach (LakeColumn column in source.Columns)
        {
            nint type = TypeOf(column.Type);
            NativeMethods.duckdb_bind_add_result_column(bind, column.Name, type);
            NativeMethods.duckdb_destroy_logical_type(&type);
        }

        NativeMethods.duckdb_bind_set_bind_data(bind, index, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Begin(nint begin)
    {
        // The engine wants one; a source is at its beginning already.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint function, nint chunk)
    {
        int index = (int)NativeMethods.duckdb_function_get_bind_data(function);
        int rows = Of(NativeMethods.duckdb_function_get_extra_info(function))._sources[index].Fill(chunk);
        if (rows < 0)
        {
            NativeMethods.duckdb_function_set_error(function, "the rows could not be made");
        }

        NativeMethods.duckdb_data_chunk_set_size(chunk, (ulong)Math.Max(rows, 0));
    }

    private static nint TypeOf(LakeType type)
    {
        if (type is not (LakeType.NumberList or LakeType.TextList))
        {
            return NativeMethods.duckdb_create_logical_type(type switch
            {
                LakeType.Text => DuckType.Varchar,
                LakeType.Whole => DuckType.BigInt,
                LakeType.Number => DuckType.Double,
                LakeType.Flag => DuckType.Boolean,
                LakeType.Time => DuckType.Timestamp,
                _ => throw new System.Diagnostics.UnreachableException($"{type}"),
            });
        }

        nint element = NativeMethods.duckdb_create_logical_type(
            type == LakeType.NumberList ? DuckType.Float : DuckType.Varchar);
        nint list = NativeMethods.duckdb_create_list_type(element);
        NativeMethods.duckdb_destroy_logical_type(&element);
        return list;
    }
}
