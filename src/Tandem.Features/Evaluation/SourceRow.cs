namespace Tandem.Features.Evaluation;

/// <summary>The cells of one row of a source, reused from row to row: numbers, and texts in UTF-8.</summary>
internal sealed class SourceRow
{
    private readonly double[] _numbers;
    private readonly int[] _starts;
    private readonly int[] _lengths;
    private byte[] _bytes = new byte[256];
    private int _used;

    public SourceRow(int columnCount)
    {
        _numbers = new double[columnCount];
        _starts = new int[columnCount];
        _lengths = new int[columnCount];
    }

    /// <summary>When it happened, microseconds since 1970; 0 in sources without times.</summary>
    public long EventTime { get; set; }

    /// <summary>When it became known, microseconds since 1970.</summary>
    public long KnownTime { get; set; }

    /// <summary>Hash of the event's id, which tells ties apart.</summary>
    public uint IdHash { get; set; }

    /// <summary>Its place in the log, where the reader knows it; otherwise behind every other.</summary>
    public long Place { get; set; } = long.MaxValue;

    /// <summary>A moment as a number: seconds since 1970.</summary>
    public static double Seconds(long micros) => micros / 1e6;

    /// <summary>Makes every cell null.</summary>
    public void Clear()
    {
        Array.Fill(_numbers, double.NaN);
        Array.Fill(_lengths, -1);
        _used = 0;
    }

    public bool IsNull(int column) => double.IsNaN(_numbers[column]) && _lengths[column] < 0;

    public double Number(int column) => _numbers[column];

    /// <summary>The text of a cell; empty where it is null.</summary>
    public ReadOnlySpan<byte> Utf8(int column) =>
        _lengths[column] < 0 ? [] : _bytes.AsSpan(_starts[column], _lengths[column]);

    /// <summary>Sets a number; one that is not finite is null, and −0 is 0, so that no order tells them apart.</summary>
    public void Set(int column, double value) => _numbers[column] = double.IsFinite(value) ? value + 0.0 : double.NaN;

    /// <summary>Bytes that texts take; lowering it forgets those behind.</summary>
    public int UsedBytes
    {
        get => _used;
        set => _used = value;
    }

    /// <summary>Makes a cell null.</summary>
    public void SetNull(int column)
    {
        _numbers[column] = double.NaN;
        _lengths[column] = -1;
    }

    /// <summary>Copies a text in.</summary>
    public void Set(int column, ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(column, utf8.Length));
        Commit(column, utf8.Length);
    }

    /// <summary>Gives room for a text of at most a length; <see cref="Commit"/> says how much was used.</summary>
    public Span<byte> Reserve(int column, int maximum)
    {
        if (_bytes.Length - _used < maximum)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + maximum));
        }

        _starts[column] = _used;
        return _bytes.AsSpan(_used, maximum);
    }

    public void Commit(int column, int length)
    {
        _lengths[column] = length;
        _used += length;
    }
}
