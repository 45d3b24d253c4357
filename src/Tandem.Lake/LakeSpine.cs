namespace Tandem.Lake;

/// <summary>The rows that an as-of join keeps: each a moment and the keys to look up, numbered from 0 as they are
/// added.</summary>
/// <remarks>Not thread safe while rows are added; any number of joins may read it then. Holds 8 bytes and one reference
/// a key for each row.</remarks>
public sealed class LakeSpine
{
    private readonly List<long> _times = [];
    private readonly List<string?> _keys = [];

    /// <summary>Makes a spine without rows.</summary>
    /// <param name="keyCount">Keys of each row, at least 1.</param>
    public LakeSpine(int keyCount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keyCount, 1);
        KeyCount = keyCount;
    }

    /// <summary>Keys of each row.</summary>
    public int KeyCount { get; }

    /// <summary>Rows.</summary>
    public int RowCount => _times.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="timeMicros">The moment to look from: microseconds since 1970 UTC.</param>
    /// <param name="keys">The keys, <see cref="KeyCount"/> of them; a row with a null key matches nothing.</param>
    /// <exception cref="ArgumentException">The number of keys differs.</exception>
    public void Add(long timeMicros, params ReadOnlySpan<string?> keys)
    {
        if (keys.Length != KeyCount)
        {
            throw new ArgumentException($"A row of this spine has {KeyCount} keys, not {keys.Length}.", nameof(keys));
        }

        _times.Add(timeMicros);
        _keys.AddRange(keys);
    }

    internal long TimeMicros(int row) => _times[row];

    internal string? Key(int row, int key) => _keys[(row * KeyCount) + key];

    internal (long Earliest, long Latest) Span()
    {
        long earliest = long.MaxValue;
        long latest = long.MinValue;
        foreach (long time in _times)
        {
            earliest = Math.Min(earliest, time);
            latest = Math.Max(latest, time);
        }

        return (earliest, latest);
    }
}
