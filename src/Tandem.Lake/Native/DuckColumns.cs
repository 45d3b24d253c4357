using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>The columns of a chunk that is being filled, value by value.</summary>
internal sealed unsafe class DuckColumns(int count)
{
    private const int InlineBytes = 12;
    private const int PrefixBytes = 4;
    private const int TextBytes = 1 << 19;

    private readonly nint[] _vectors = new nint[count];
    private readonly nint[] _data = new nint[count];
    private readonly nint[] _validity = new nint[count];
    private readonly ulong[] _listEnds = new ulong[count];

    // Longer texts lie here until the engine has copied the chunk: no call and no allocation for each. Those that find
    // no room are handed to the engine one by one. Allocated pinned: the chunk points into it.
    private byte[] _text = [];
    private int _textEnd;

    /// <summary>Rows that a chunk holds.</summary>
    public static int Capacity { get; } = (int)NativeMethods.duckdb_vector_size();

    /// <summary>Takes an empty chunk to be filled. What was filled before must have been copied by the
    /// engine.</summary>
    public void Attach(nint chunk)
    {
        if (_text.Length == 0)
        {
            _text = GC.AllocateUninitializedArray<byte>(TextBytes, pinned: true);
        }

        _textEnd = 0;
        Array.Clear(_listEnds);
        Array.Clear(_validity);
        for (int i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = NativeMethods.duckdb_data_chunk_get_vector(chunk, (ulong)i);
            _data[i] = (nint)NativeMethods.duckdb_vector_get_data(_vectors[i]);
        }
    }

    /// <summary>Gives memory back once the engine has copied the last chunk.</summary>
    public void Release() => _text = [];

    /// <summary>A fixed-width column of the chunk being filled, <see cref="Capacity"/> values.</summary>
    public Span<T> Column<T>(int column)
        where T : unmanaged => new((void*)_data[column], Capacity);

    /// <summary>Sets a text, which must be valid UTF-8.</summary>
    public void SetUtf8(int column, int row, ReadOnlySpan<byte> utf8)
    {
        // A duckdb_string_t is a length, and 12 bytes padded with zeros, or 4 bytes and the address of all of them.
        Span<byte> text = new((byte*)_data[column] + ((long)row * (sizeof(uint) + InlineBytes)), sizeof(uint) + InlineBytes);
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

    /// <summary>UTF-8 bytes of a text that was set.</summary>
    public ReadOnlySpan<byte> Utf8(int column, int row)
    {
        byte* text = (byte*)_data[column] + ((long)row * (sizeof(uint) + InlineBytes));
        int length = *(int*)text;
        return new ReadOnlySpan<byte>(
            length <= InlineBytes ? text + sizeof(uint) : *(byte**)(text + sizeof(uint) + PrefixBytes), length);
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

    private static void Check(int state)
    {
        if (state != 0)
        {
            throw LakeErrors.Engine("a list found no room");
        }
    }
}
