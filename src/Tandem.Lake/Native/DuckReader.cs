using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>A result read chunk by chunk, at most 2,048 rows each; spans live until the next chunk.</summary>
internal sealed unsafe class DuckReader : IDisposable
{
    private readonly DuckConnection _connection;
    private readonly DuckResultHandle _result;
    private readonly CancellationToken _cancellationToken;
    private readonly nint[] _vectors;

    // Where each column of the chunk lies: asked for once a chunk, not once a value.
    private readonly nint[] _data;
    private readonly nint[] _validity;
    private DuckChunkHandle? _chunk;
    private bool _ended;

    public DuckReader(DuckConnection connection, DuckResultHandle result, CancellationToken cancellationToken)
    {
        _connection = connection;
        _result = result;
        _cancellationToken = cancellationToken;
        int count = (int)NativeMethods.duckdb_column_count(result.Result);
        _vectors = new nint[count];
        _data = new nint[count];
        _validity = new nint[count];
        Names = new string[count];
        for (int i = 0; i < count; i++)
        {
            byte* name = NativeMethods.duckdb_column_name(result.Result, (ulong)i);
            Names[i] = Marshal.PtrToStringUTF8((nint)name) ?? "";
        }
    }

    public string[] Names { get; }

    public int RowCount { get; private set; }

    public DuckType TypeOf(int column) => NativeMethods.duckdb_column_type(_result.Result, (ulong)column);

    /// <summary>Fetches the next chunk; false at the end.</summary>
    /// <exception cref="Faults.TandemException">LAK002: DuckDB failed midway.</exception>
    public bool Read()
    {
        _chunk?.Dispose();
        RowCount = 0;
        if (_ended)
        {
            return false;
        }

        _cancellationToken.ThrowIfCancellationRequested();
        using DuckConnection.Interruption interruption = _connection.InterruptOn(_cancellationToken);
        _chunk = new DuckChunkHandle(NativeMethods.duckdb_fetch_chunk(*_result.Result));
        RowCount = _chunk.IsInvalid ? 0 : (int)NativeMethods.duckdb_data_chunk_get_size(_chunk.Chunk);
        if (RowCount == 0)
        {
            _ended = true;
            byte* error = NativeMethods.duckdb_result_error(_result.Result);
            return error is null ? false : throw DuckStatement.Failure(error, _cancellationToken);
        }

        for (int i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = NativeMethods.duckdb_data_chunk_get_vector(_chunk.Chunk, (ulong)i);
            _data[i] = (nint)NativeMethods.duckdb_vector_get_data(_vectors[i]);
            _validity[i] = (nint)NativeMethods.duckdb_vector_get_validity(_vectors[i]);
        }

        return true;
    }

    /// <summary>A fixed-width column, <see cref="RowCount"/> values.</summary>
    public ReadOnlySpan<T> Column<T>(int column)
        where T : unmanaged => new((void*)_data[column], RowCount);

    public bool HasNulls(int column) => _validity[column] != 0;

    public bool IsNull(int column, int row) => IsNull((ulong*)_validity[column], row);

    /// <summary>UTF-8 bytes of a text.</summary>
    public ReadOnlySpan<byte> Utf8(int column, int row) => Utf8((byte*)_data[column], row);

    /// <summary>Values of one list, its nulls read as zero.</summary>
    public ReadOnlySpan<T> List<T>(int column, int row)
        where T : unmanaged
    {
        DuckListEntry entry = Entry(column, row);
        nint child = NativeMethods.duckdb_list_vector_get_child(_vectors[column]);
        return new ReadOnlySpan<T>((T*)NativeMethods.duckdb_vector_get_data(child) + entry.Offset, (int)entry.Length);
    }

    public int ListLength(int column, int row) => (int)Entry(column, row).Length;

    /// <summary>UTF-8 bytes of one text in a list; empty where it is null.</summary>
    public ReadOnlySpan<byte> ListUtf8(int column, int row, int index)
    {
        nint child = NativeMethods.duckdb_list_vector_get_child(_vectors[column]);
        int at = (int)Entry(column, row).Offset + index;
        return IsNull(NativeMethods.duckdb_vector_get_validity(child), at)
            ? default
            : Utf8((byte*)NativeMethods.duckdb_vector_get_data(child), at);
    }

    /// <summary>A fixed-length array column of the chunk, rows × length values, dense.</summary>
    public ReadOnlySpan<T> Array<T>(int column, out int length)
        where T : unmanaged
    {
        nint type = NativeMethods.duckdb_vector_get_column_type(_vectors[column]);
        length = (int)NativeMethods.duckdb_array_type_array_size(type);
        NativeMethods.duckdb_destroy_logical_type(&type);
        nint child = NativeMethods.duckdb_array_vector_get_child(_vectors[column]);
        return new ReadOnlySpan<T>(NativeMethods.duckdb_vector_get_data(child), RowCount * length);
    }

    public void Dispose()
    {
        _chunk?.Dispose();
        _ended = true;
        _result.Dispose();
    }

    private static bool IsNull(ulong* validity, int row) =>
        validity is not null && ((validity[row >> 6] >> (row & 63)) & 1) == 0;

    private static ReadOnlySpan<byte> Utf8(byte* texts, int row)
    {
        // duckdb_string_t: length, then 12 bytes inline, or 4 bytes of prefix and a pointer.
        byte* text = texts + ((long)row * 16);
        int length = *(int*)text;
        return new ReadOnlySpan<byte>(length <= 12 ? text + 4 : *(byte**)(text + 8), length);
    }

    private DuckListEntry Entry(int column, int row) =>
        ((DuckListEntry*)_data[column])[row];
}
