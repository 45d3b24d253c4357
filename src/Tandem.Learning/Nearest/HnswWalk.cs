using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>A walk over a graph from neighbour to better neighbour, keeping the best it met. Reusable; not thread
/// safe.</summary>
/// <param name="graph">The graph.</param>
/// <param name="isEnded">Where given, which vectors ended: they lead on to others, but take no place among the best.</param>
/// <param name="lengths">Where given, what each vector lacks to the length of the longest, as one more dimension of all
/// vectors: neighbours are then near as well as long. A query from outside has nothing there.</param>
internal sealed class HnswWalk(HnswGraph graph, bool[]? isEnded = null, float[]? lengths = null)
{
    private const ulong Expanded = 1;
    private const ulong Ended = 2;
    private const int FlagBits = 2;

    private readonly ushort[] _visited = new ushort[graph.Capacity];
    private readonly int[] _fresh = new int[(2 * graph.Degree) + 1];
    private readonly float[] _scores = new float[(2 * graph.Degree) + 1];
    private ulong[] _pool = [];
    private int _liveCount;
    private ushort _stamp;

    /// <summary>How many it kept.</summary>
    public int Count { get; private set; }

    /// <summary>One that it kept, best first.</summary>
    public int Id(int place) => IdOf(_pool[place]);

    /// <summary>Its score.</summary>
    public float Score(int place)
    {
        int bits = (int)((uint)(_pool[place] >> 32) ^ 0x8000_0000u);
        return BitConverter.Int32BitsToSingle(bits ^ ((bits >> 31) & int.MaxValue));
    }

    /// <summary>Goes to better neighbours on a layer until there is none.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="length">The query's own lacking length, in units of its scale.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="layer">On which layer.</param>
    public int Descend(CodeQuery query, float length, int start, int layer)
    {
        _fresh[0] = start;
        ScoreFresh(query, length, 1);
        float best = _scores[0];
        int at = start;
        while (true)
        {
            ReadOnlySpan<int> links = graph.Links(at, layer);
            int count = links[0];
            links.Slice(1, count).CopyTo(_fresh);
            ScoreFresh(query, length, count);
            int better = -1;
            for (int i = 0; i < count; i++)
            {
                if (_scores[i] > best)
                {
                    best = _scores[i];
                    better = _fresh[i];
                }
            }

            if (better < 0)
            {
                return at;
            }

            at = better;
        }
    }

    /// <summary>Expands the best that it met and has not expanded, until all that it keeps are.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="length">The query's own lacking length, in units of its scale.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="layer">On which layer.</param>
    /// <param name="width">How many it keeps, ≥ 1.</param>
    public void Run(CodeQuery query, float length, int start, int layer, int width)
    {
        Begin(width);
        _visited[start] = _stamp;
        _fresh[0] = start;
        ScoreFresh(query, length, 1);
        Count = 0;
        _liveCount = 0;
        _ = Keep(1, width);
        int cursor = 0;
        while (cursor < Count)
        {
            if ((_pool[cursor] & Expanded) != 0)
            {
                cursor++;
                continue;
            }

            _pool[cursor] |= Expanded;
            int fresh = Gather(graph.Links(IdOf(_pool[cursor]), layer));
            if (cursor + 1 < Count)
            {
                // Unless something better comes now, it is the next.
                graph.Fetch(IdOf(_pool[cursor + 1]), layer);
            }

            ScoreFresh(query, length, fresh);
            cursor = Math.Min(cursor + 1, Keep(fresh, width));
        }
    }

    private static int IdOf(ulong key) => (int)((uint)key >> FlagBits);

    /// <summary>Bits that sort as the score does, then the id; the lowest say whether it was expanded, and ended when it was
    /// met.</summary>
    private static ulong KeyOf(float score, int id)
    {
        int bits = BitConverter.SingleToInt32Bits(score + 0f);
        uint rising = (uint)(bits ^ ((bits >> 31) & int.MaxValue)) ^ 0x8000_0000u;
        return ((ulong)rising << 32) | ((uint)id << FlagBits);
    }

    private void Begin(int width)
    {
        if (_pool.Length <= width)
        {
            _pool = new ulong[width + 1];
        }

        _stamp++;
        if (_stamp == 0)
        {
            Array.Clear(_visited);
            _stamp = 1;
        }
    }

    private int Gather(ReadOnlySpan<int> links)
    {
        int fresh = 0;
        foreach (int other in links.Slice(1, links[0]))
        {
            if (_visited[other] != _stamp)
            {
                _visited[other] = _stamp;
                _fresh[fresh++] = other;
            }
        }

        return fresh;
    }

    private void ScoreFresh(CodeQuery query, float length, int count)
    {
        ReadOnlySpan<int> ids = _fresh.AsSpan(0, count);
        CodeRows.Score(graph.Rows, graph.Scales, ids, query, _scores);
        if (lengths is null || length == 0)
        {
            return;
        }

        for (int i = 0; i < count; i++)
        {
            _scores[i] += length * lengths[ids[i]];
        }
    }

    /// <summary>Puts what is good enough in its place; gives the first place that changed.</summary>
    private int Keep(int fresh, int width)
    {
        int first = int.MaxValue;
        for (int i = 0; i < fresh; i++)
        {
            ulong key = KeyOf(_scores[i], _fresh[i]) | (isEnded is not null && isEnded[_fresh[i]] ? Ended : 0);
            if (_liveCount == width && key <= _pool[Count - 1])
            {
                continue;
            }

            if (Count == _pool.Length)
            {
                Array.Resize(ref _pool, 2 * Count);
            }

            Span<ulong> pool = _pool;
            int place = PlaceOf(pool[..Count], key);
            pool[place..Count].CopyTo(pool[(place + 1)..]);
            pool[place] = key;
            Count++;
            _liveCount += LiveIn(key);
            first = Math.Min(first, place);
            while (_liveCount > width || (_liveCount == width && LiveIn(pool[Count - 1]) == 0))
            {
                _liveCount -= LiveIn(pool[--Count]);
            }
        }

        return first;
    }

    private static int LiveIn(ulong key) => (key & Ended) == 0 ? 1 : 0;

    /// <summary>How many keys are above one. Without a branch that depends on them: which half it is in cannot be
    /// foreseen.</summary>
    private static int PlaceOf(ReadOnlySpan<ulong> pool, ulong key)
    {
        int low = 0;
        int left = pool.Length;
        while (left > 0)
        {
            int half = (left + 1) >> 1;
            low += half & -(pool[low + half - 1] > key ? 1 : 0);
            left -= half;
        }

        return low;
    }
}
