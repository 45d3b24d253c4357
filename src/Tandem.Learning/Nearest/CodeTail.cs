using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Codes of rows that came after an index was built: blocks in chains, one chain a list.</summary>
/// <remarks>One writer, any number of readers beside it. A place is written before it can be reached, and what came after a
/// reader's version its filter passes over. A tail without room is copied to a roomier one: readers keep theirs.</remarks>
internal sealed class CodeTail
{
    private const int None = -1;
    private const int FewestBlocks = 16;

    private readonly int _dimension;
    private readonly Memory<byte> _blocks;
    private readonly int[] _rows;
    private readonly int[] _next;
    private readonly int[] _first;
    private readonly int[] _last;
    private readonly sbyte[] _codes;
    private int _count;

    public CodeTail(int dimension, int lists)
        : this(dimension, lists, FewestBlocks)
    {
        _first.AsSpan().Fill(None);
        _last.AsSpan().Fill(None);
    }

    private CodeTail(int dimension, int lists, int capacity)
    {
        _dimension = dimension;
        _blocks = AlignedBytes.Allocate((long)capacity * CodeBlocks.BytesOf(dimension));
        CodeBlocks.Clear(_blocks.Span, dimension);
        _rows = new int[capacity * CodeBlocks.Lanes];
        _rows.AsSpan().Fill(None);
        _next = new int[capacity];
        _next.AsSpan().Fill(None);
        _first = new int[lists];
        _last = new int[lists];
        _codes = new sbyte[dimension];
    }

    /// <summary>Adds a row to a list.</summary>
    /// <returns>This, or a copy with more room.</returns>
    public CodeTail Add(int list, int row, ReadOnlySpan<float> rotated)
    {
        int block = _last[list];
        int lane = block == None ? None : _rows.AsSpan(block * CodeBlocks.Lanes, CodeBlocks.Lanes).IndexOf(None);
        bool isFull = lane == None;
        if (isFull && _count == _next.Length)
        {
            return WithMoreRoom().Add(list, row, rotated);
        }

        (int at, lane) = isFull ? (_count++, 0) : (block, lane);
        int size = CodeBlocks.BytesOf(_dimension);
        float scale = ByteCodes.Quantise(rotated, _codes);
        CodeBlocks.Put(_blocks.Span.Slice(at * size, size), lane, _codes, scale);
        _rows[(at * CodeBlocks.Lanes) + lane] = row;
        if (isFull)
        {
            Volatile.Write(ref block == None ? ref _first[list] : ref _next[block], at);
            _last[list] = at;
        }

        return this;
    }

    /// <summary>Offers the rows of a list.</summary>
    public void Scan(int list, CodeQuery query, BestList best, in RowFilter filter)
    {
        int block = Volatile.Read(ref _first[list]);
        while (block != None)
        {
            // Blocks that follow each other are read at once.
            int end = block + 1;
            int next = Volatile.Read(ref _next[block]);
            while (next == end)
            {
                next = Volatile.Read(ref _next[end++]);
            }

            CodeBlocks.Scan(_blocks.Span, block, end, query, best, _rows, in filter);
            block = next;
        }
    }

    private CodeTail WithMoreRoom()
    {
        CodeTail roomier = new(_dimension, _first.Length, checked(2 * _next.Length)) { _count = _count };
        _blocks.CopyTo(roomier._blocks);
        _rows.CopyTo(roomier._rows, 0);
        _next.CopyTo(roomier._next, 0);
        _first.CopyTo(roomier._first, 0);
        _last.CopyTo(roomier._last, 0);
        return roomier;
    }
}
