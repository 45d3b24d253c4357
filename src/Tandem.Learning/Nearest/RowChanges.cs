using System.Numerics;
using Tandem.Numerics;

namespace Tandem.Learning.Nearest;

/// <summary>What changed since an index was built: rows behind the built ones, whose each row is, and when it ended.</summary>
/// <remarks>One writer, any number of readers beside it. Rows are only added, and an end is written once, with a version that
/// no reader before looks at: each reader finds the rows of its own version, whatever is written meanwhile. Arrays without
/// room are copied to roomier ones: readers keep theirs.</remarks>
internal sealed class RowChanges
{
    /// <summary>The end of a row that is there.</summary>
    private const uint Never = uint.MaxValue;

    private readonly int _built;
    private readonly int[] _ids;
    private readonly uint[] _ends;
    private readonly int[] _before;
    private readonly int[] _rowOf;
    private readonly ulong[] _live;

    /// <summary>Begins with the rows as they were built.</summary>
    /// <param name="ids">Id of each built row.</param>
    /// <param name="idCount">Bound of the ids.</param>
    /// <param name="dimension">Length of the vectors.</param>
    public RowChanges(ReadOnlySpan<int> ids, int idCount, int dimension)
        : this(ids.Length, ids.Length, idCount, new Matrix(0, dimension))
    {
        ids.CopyTo(_ids);
        _ends.AsSpan().Fill(Never);
        _rowOf.AsSpan().Fill(-1);
        for (int row = 0; row < ids.Length; row++)
        {
            _rowOf[ids[row]] = row;
            IdBits.Add(_live, ids[row]);
        }
    }

    private RowChanges(int built, int rows, int ids, Matrix tail)
    {
        _built = built;
        _ids = new int[rows];
        _ends = new uint[rows];
        _before = new int[rows - built];
        _rowOf = new int[ids];
        _live = new ulong[IdBits.WordsOf(ids)];
        Tail = tail;
    }

    /// <summary>Vectors of the rows behind the built ones, with room behind them.</summary>
    public Matrix Tail { get; }

    /// <summary>What may be found at a version.</summary>
    public RowFilter Filter(ReadOnlySpan<ulong> allowed, int rowCount, uint version) =>
        new(allowed, _ids.AsSpan(0, rowCount), _ends.AsSpan(0, rowCount), version);

    /// <summary>How many of some ids have a vector now, whatever the version: an estimate for those who look at one.</summary>
    public int CountLive(ReadOnlySpan<ulong> allowed) => IdBits.CountBoth(allowed, _live);

    /// <summary>Whether a row is there at a version.</summary>
    public bool Has(int row, uint version) => _ends[row] > version;

    /// <summary>The id of a row.</summary>
    public int IdOf(int row) => _ids[row];

    /// <summary>The row that an id has at a version; −1 for none.</summary>
    public int RowOf(int id, int rowCount, uint version)
    {
        if ((uint)id >= (uint)_rowOf.Length)
        {
            return -1;
        }

        int row = Volatile.Read(ref _rowOf[id]);
        while (row >= rowCount)
        {
            row = _before[row - _built];
        }

        return row >= 0 && _ends[row] > version ? row : -1;
    }

    /// <summary>This, or a copy with room for one row more and for an id.</summary>
    public RowChanges WithRoom(int rowCount, int id)
    {
        if (rowCount < _ids.Length && id < _rowOf.Length)
        {
            return this;
        }

        int rows = rowCount < _ids.Length ? _ids.Length : checked(_ids.Length + Roomier(rowCount - _built));
        int ids = id < _rowOf.Length ? _rowOf.Length : (int)Math.Min(Array.MaxLength, id + 1L + Roomier(id / 8));
        Matrix tail = new(rows - _built, Tail.ColumnCount);
        Tail.Values.CopyTo(tail.Values, 0);
        RowChanges roomier = new(_built, rows, ids, tail);
        roomier._ends.AsSpan().Fill(Never);
        roomier._rowOf.AsSpan().Fill(-1);
        _ids.CopyTo(roomier._ids, 0);
        _ends.CopyTo(roomier._ends, 0);
        _before.CopyTo(roomier._before, 0);
        _rowOf.CopyTo(roomier._rowOf, 0);
        _live.CopyTo(roomier._live, 0);
        return roomier;
    }

    /// <summary>Adds a row, of which no reader knows yet.</summary>
    public void Add(int row, int id, ReadOnlySpan<float> vector)
    {
        vector.CopyTo(Tail.Row(row - _built));
        _ids[row] = id;
        _before[row - _built] = _rowOf[id];
        IdBits.Add(_live, id);
        Volatile.Write(ref _rowOf[id], row);
    }

    /// <summary>Ends a row with a version that no reader knows yet.</summary>
    public void End(int row, uint version)
    {
        _ends[row] = version;
        if (_rowOf[_ids[row]] == row)
        {
            IdBits.Remove(_live, _ids[row]);
        }
    }

    private static int Roomier(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, count));
}
