namespace Tandem.Features.Evaluation;

/// <summary>Holds the series of a store within a limit of memory: what nobody touched for longest goes to a local disk,
/// packed, and comes back when it is touched. Thread safe.</summary>
/// <remarks>Which goes is found by second chance: a hand walks over all series, and one that was touched since the hand
/// came by the last time stays for another turn.</remarks>
internal sealed class SeriesMemory : IDisposable
{
    /// <summary>Series that the hand passes in one go, so that no event waits for long.</summary>
    private const int StepsAtOnce = 512;

    private readonly Lock _evicting = new();
    private readonly PackWriter _writer = new();
    private readonly string? _folder;
    private SeriesShelf[] _shelves = [];
    private ColdFile? _cold;
    private int _shelf;
    private int _entity;
    private long _used;
    private long _evictions;
    private long _refusals;

    /// <param name="limit">Bytes that the series may take.</param>
    /// <param name="folder">Where the others go; needed where there is a limit.</param>
    public SeriesMemory(long limit, string? folder)
    {
        Limit = limit;
        _folder = folder;
    }

    public long Limit { get; }

    /// <summary>Bytes that series take, about.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Series that went to the disk.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Times that the disk refused a series, which then stayed.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Bytes of the file on the disk.</summary>
    public long DiskBytes => Volatile.Read(ref _cold)?.Length ?? 0;

    private bool IsOver => Used > Limit;

    /// <summary>Says whose series these are.</summary>
    public void Watch(SeriesShelf[] shelves) => _shelves = shelves;

    /// <summary>Counts bytes in, or out.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);

    /// <summary>Forgets what was counted: there are no series any more.</summary>
    public void Clear() => Volatile.Write(ref _used, 0);

    /// <summary>Reads a series from the disk.</summary>
    /// <exception cref="Faults.TandemException">FEA014: it cannot be read.</exception>
    public byte[] Read(ColdPlace place)
    {
        try
        {
            return _cold!.Read(place);
        }
        catch (IOException error)
        {
            throw FeaturesErrors.DamagedSeries(error.Message);
        }
    }

    /// <summary>Gives its place on the disk back.</summary>
    public void Free(ColdPlace place) => _cold!.Free(place);

    /// <summary>Lets series go while they take more than the limit. The caller holds no gate.</summary>
    public void Evict()
    {
        if (!IsOver || !_evicting.TryEnter())
        {
            return;
        }

        try
        {
            for (int step = 0; step < StepsAtOnce && IsOver; step++)
            {
                _cold ??= new ColdFile(_folder!);
                if (_shelves[_shelf].TryEvict(_entity, _cold, _writer))
                {
                    Interlocked.Increment(ref _evictions);
                }

                Advance();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The series stays in memory: too much of it is better than a value that is lost.
            Interlocked.Increment(ref _refusals);
        }
        finally
        {
            _evicting.Exit();
        }
    }

    public void Dispose() => _cold?.Dispose();

    private void Advance()
    {
        _entity++;
        while (_entity >= _shelves[_shelf].EntityCount)
        {
            _shelf = (_shelf + 1) % _shelves.Length;
            _entity = 0;
        }
    }
}
