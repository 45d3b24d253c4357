using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>Fills a table column by column, one chunk at a time.</summary>
internal sealed unsafe class DuckAppender : IDisposable
{
    private const int InlineBytes = 12;
    private const int PrefixBytes = 4;
    private const int TextBytes = 1 << 19;

    private readonly DuckAppenderHandle _handle;
    private readonly nint[] _vectors;
    private readonly nint[] _data;
    private readonly nint[] _validity;
    private readonly ulong[] _listEnds;
    private readonly DuckChunkHandle _chunk;

    // Longer texts lie here until the chunk is sent, which copies them: no call and no allocation for each. Those that
    // find no room are handed to the engine one by one. Allocated pinned: the chunk points into it.
    private readonly byte[] _text = GC.AllocateUninitializedArray<byte>(TextBytes, pinned: true);
    private int _textEnd;

    public DuckAppender(DuckConnection connection, string table)
    {
        nint appender = 0;
        if (NativeMethods.duckdb_appender_create(connection.Handle, null, table, &appender) != 0)
        {
            using var refused = new DuckAppenderHandle(appender);
            throw LakeErrors.Engine(Message(appender));
        }

        _handle = new DuckAppenderHandle(appender);
        int count = (int)NativeMethods.duckdb_appender_column_count(_handle);
        _vectors = new nint[count];
        _data = new nint[count];
        _validity = new nint[count];
        _listEnds = new ulong[count];
        nint* types = stackalloc nint[count];
        for (int i = 0; i < count; i++)
        {
            types[i] = NativeMethods.duckdb_appender_column_type(_handle, (ulong)i);
        }

        _chunk = new DuckChunkHandle(NativeMethods.duckdb_create_data_chunk(types, (ulong)count));
        for (int i = 0; i < count; i++)
        {
            NativeMethods.duckdb_destroy_logical_type(&types[i]);
        }

        FindVectors();
    }

    /// <summary>Rows that a chunk holds.</summary>
    public int Capacity { get; } = (int)NativeMethods.duckdb_vector_size();

    /// <summary>A fixed-width column of the chunk being filled, <see cref="Capacity"/> values.</summary>
    public Span<T> Column<T>(int column)
        where T : unmanaged => new((void*)_data[column], Capacity);

    /// <summary>Sets a text, which must be valid UTF-8.</summary>
    public void SetUtf8(int column, int row, ReadOnlySpan<byte> utf8)
    {
        // A duckdb_string_t is a length, and 12 bytes padded with zeros, or 4 bytes and the address of all of them.
        Span<byte> text = new((byte*)_data[column] + ((long)row * sizeof(uint) * 4), sizeof(uint) + InlineBytes);
        if (utf8.Length <= InlineBytes)
        {
            text.Clear();
            BinaryPrimitives.WriteInt32LittleEndian(text, utf8.Length);
            utf8.CopyTo(text[sizeof(uint)..]);
        }
        else if (utf8.Length <= _text.Length - _textEnd)
        {
            utf8.CopyTo(_text.AsSpan(_textEnd));
            BinaryPrimitives.WriteInt32LittleEndian(text, utf8.Length);
            utf8[..PrefixBytes].CopyTo(text[sizeof(uint)..]);
            nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_text, _textEnd);
            BinaryPrimitives.WriteInt64LittleEndian(text[(sizeof(uint) + PrefixBytes)..], address);
            _textEnd += utf8.Length;
        }
        else
        {
            Assign(_vectors[column], (ulong)row, utf8);
        }
    }

    public void SetNull(int column, int row)
    {
        if (_validity[column] == 0)
        {
            NativeMethods.duckdb_vector_ensure_validity_writable(_vectors[column]);
            _validity[column] = (nint)NativeMethods.duckdb_vector_get_validity(_vectors[column]);
        }

        ((ulong*)_validity[column])[row >> 6] &= ~(1UL << (row & 63));
    }

    /// <summary>Sets a list of numbers; rows are filled in rising order.</summary>
    public void SetList(int column, int row, ReadOnlySpan<float> values)
    {
        nint child = GrowList(column, row, values.Length, out ulong start);
        values.CopyTo(new Span<float>((float*)NativeMethods.duckdb_vector_get_data(child) + start, values.Length));
    }

    /// <summary>Sets a list of texts, laid end to end; rows are filled in rising order.</summary>
    public void SetList(int column, int row, ReadOnlySpan<byte> utf8, ReadOnlySpan<int> lengths)
    {
        nint child = GrowList(column, row, lengths.Length, out ulong start);
        for (int i = 0; i < lengths.Length; i++)
        {
            Assign(child, start + (ulong)i, utf8[..lengths[i]]);
            utf8 = utf8[lengths[i]..];
        }
    }

    /// <summary>Appends the first rows of the chunk and empties it.</summary>
    public void Send(int rows)
    {
        NativeMethods.duckdb_data_chunk_set_size(_chunk.Chunk, (ulong)rows);
        Check(NativeMethods.duckdb_append_data_chunk(_handle, _chunk.Chunk));
        NativeMethods.duckdb_data_chunk_reset(_chunk.Chunk);
        FindVectors();
    }

    /// <summary>Makes all that was sent visible in the table.</summary>
    public void Flush() => Check(NativeMethods.duckdb_appender_flush(_handle));

    public void Dispose()
    {
        _chunk.Dispose();
        _handle.Dispose();
    }

    private static string Message(nint appender) =>
        Marshal.PtrToStringUTF8((nint)NativeMethods.duckdb_appender_error(appender)) ?? "the appender failed";

    private static void Assign(nint vector, ulong row, ReadOnlySpan<byte> utf8)
    {
        byte none = 0;
        fixed (byte* p = utf8)
        {
            NativeMethods.duckdb_vector_assign_string_element_len(
                vector, row, p is null ? &none : p, (ulong)utf8.Length);
        }
    }

    private nint GrowList(int column, int row, int length, out ulong start)
    {
        start = _listEnds[column];
        ulong end = start + (ulong)length;
        _listEnds[column] = end;
        Check(NativeMethods.duckdb_list_vector_reserve(_vectors[column], end));
        Check(NativeMethods.duckdb_list_vector_set_size(_vectors[column], end));
        ((DuckListEntry*)_data[column])[row] = new DuckListEntry(start, (ulong)length);
        return NativeMethods.duckdb_list_vector_get_child(_vectors[column]);
    }

    private void FindVectors()
    {
        _textEnd = 0;
        Array.Clear(_listEnds);
        Array.Clear(_validity);
        for (int i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = NativeMethods.duckdb_data_chunk_get_vector(_chunk.Chunk, (ulong)i);
            _data[i] = (nint)NativeMethods.duckdb_vector_get_data(_vectors[i]);
        }
    }

    private void Check(int state)
    {
        if (state != 0)
        {
            throw LakeErrors.Engine(Message(_handle.DangerousGetHandle()));
        }
    }
}
