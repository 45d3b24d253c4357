using System.Runtime.InteropServices;
using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Builds a graph of neighbours by adding one vector after another. Paper: Malkov and Yashunin, <em>Efficient and
/// robust approximate nearest neighbor search using hierarchical navigable small world graphs</em>, 2018.</summary>
/// <remarks>Vectors of different lengths get one more dimension that makes all as long as the longest, so that near and
/// high-scoring are the same: Bachrach et al., <em>Speeding up the Xbox recommender system using a Euclidean transformation
/// for inner-product spaces</em>, 2014. One thread, so that the graph is the same every time; readers may walk beside
/// it. A vector that ended stays as a stone to step on, and its neighbours are linked with each other in its place: Singh et
/// al., <em>FreshDiskANN</em>, 2021.</remarks>
internal sealed class HnswBuilder
{
    private const int MostLayers = 12;
    private const int LeastRoom = 64;

    private readonly HnswMemory _memory;
    private readonly HnswWalk _walk;
    private readonly float[] _lengths;
    private readonly float _longest;
    private readonly CodeQuery _query;
    private readonly int _width;
    private readonly int[] _chosen;
    private readonly int[] _ids;
    private readonly float[] _scores;

    private HnswBuilder(
        HnswGraph graph, HnswMemory memory, float[] lengths, float longest, bool[] isEnded, int width)
    {
        Graph = graph;
        _memory = memory;
        _lengths = lengths;
        _longest = longest;
        IsEnded = isEnded;
        _width = width;
        _walk = new HnswWalk(graph, isEnded, lengths);
        _query = new CodeQuery(graph.Dimension);
        _chosen = new int[2 * graph.Degree];
        _ids = new int[Math.Max(width, (4 * graph.Degree) + 1)];
        _scores = new float[_ids.Length];
    }

    /// <summary>The graph.</summary>
    public HnswGraph Graph { get; }

    /// <summary>Whether each vector ended.</summary>
    public bool[] IsEnded { get; }

    /// <summary>Builds the graph; gives with it the vector where searches begin, −1 where there is none.</summary>
    public static (HnswGraph Graph, int Entry) Build(
        Matrix vectors, Matrix rotation, NearestOptions options, int threadCount, CancellationToken cancellationToken)
    {
        int count = vectors.RowCount;
        int stride = CodeRows.StrideOf(vectors.ColumnCount);
        byte[] levels = DrawLevels(count, options);
        var memory = HnswMemory.Allocate(
            vectors.ColumnCount, options.Degree, count, HnswGraph.UpperLength(levels, options.Degree));
        levels.CopyTo(memory.Levels);
        CodedVectors.Encode(
            vectors, rotation,
            (row, codes, scale) =>
            {
                MemoryMarshal.AsBytes(codes).CopyTo(memory.Rows.Span.Slice(row * stride, stride));
                MemoryMarshal.Cast<byte, float>(memory.Scales.Span)[row] = scale;
            },
            threadCount, cancellationToken);
        HnswGraph graph = memory.Graph(vectors.ColumnCount, options.Degree, count);
        (float[] lengths, float longest) = Lacking(vectors, count);
        HnswBuilder builder = new(graph, memory, lengths, longest, new bool[count], options.BuildWidth);
        return (graph, builder.AddAll(cancellationToken));
    }

    /// <summary>Copies a graph to where it has room for more.</summary>
    public static HnswBuilder Open(HnswGraph graph, Matrix vectors, int width)
    {
        (int capacity, int upper) = Roomier(graph);
        (float[] lengths, float longest) = Lacking(vectors, capacity);
        var memory = HnswMemory.Copy(graph, capacity, upper);
        return new HnswBuilder(
            memory.Graph(graph.Dimension, graph.Degree, graph.Count), memory, lengths, longest, new bool[capacity], width);
    }

    /// <summary>This, or a copy with room for the next vector; readers keep theirs.</summary>
    public HnswBuilder WithRoom()
    {
        if (Graph.HasRoom(LevelOf(Graph.Count)))
        {
            return this;
        }

        (int capacity, int upper) = Roomier(Graph);
        var memory = HnswMemory.Copy(Graph, capacity, upper);
        float[] lengths = _lengths;
        bool[] isEnded = IsEnded;
        Array.Resize(ref lengths, capacity);
        Array.Resize(ref isEnded, capacity);
        return new HnswBuilder(
            memory.Graph(Graph.Dimension, Graph.Degree, Graph.Count), memory, lengths, _longest, isEnded, _width);
    }

    /// <summary>Adds a vector behind the others, beside readers; gives where searches begin then.</summary>
    public int Insert(ReadOnlySpan<float> vector, ReadOnlySpan<float> rotated, int entry)
    {
        int id = Graph.Count;
        byte level = LevelOf(id);
        int stride = CodeRows.StrideOf(Graph.Dimension);
        Span<byte> row = _memory.Rows.Span.Slice(id * stride, stride);
        MemoryMarshal.Cast<byte, float>(_memory.Scales.Span)[id] =
            ByteCodes.Quantise(rotated, MemoryMarshal.Cast<byte, sbyte>(row));
        _memory.Levels.Span[id] = level;
        _lengths[id] = LackingOf(Kernel.Dot(vector, vector), _longest);
        Graph.Extend();
        if (entry < 0)
        {
            return id;
        }

        byte top = Graph.Levels.Span[entry];
        Add(id, entry, level, top);
        return level > top ? id : entry;
    }

    /// <summary>Links the neighbours of a vector that ended with each other, beside readers.</summary>
    public void End(int id)
    {
        IsEnded[id] = true;
        for (int layer = 0; layer <= Graph.Levels.Span[id]; layer++)
        {
            ReadOnlySpan<int> links = Graph.Links(id, layer);
            ReadOnlySpan<int> neighbours = links.Slice(1, links[0]);
            foreach (int neighbour in neighbours)
            {
                Bypass(neighbour, id, neighbours, layer);
            }
        }
    }

    private static (int Capacity, int UpperLength) Roomier(HnswGraph graph)
    {
        int capacity = checked(graph.Count + Math.Max(LeastRoom, graph.Count / 4));
        int upper = graph.UpperBytes.Length / sizeof(int);
        return (capacity, checked(upper + Math.Max((MostLayers + 1) * (graph.Degree + 1), upper / 4)));
    }

    /// <summary>Each layer holds one in so many of the one below.</summary>
    private static byte[] DrawLevels(int count, NearestOptions options)
    {
        SeededRandom random = new(options.Seed, stream: 3);
        byte[] levels = new byte[count];
        foreach (ref byte level in levels.AsSpan())
        {
            level = DrawLevel(random, options.Degree);
        }

        return levels;
    }

    private static byte DrawLevel(SeededRandom random, int degree)
    {
        byte level = 0;
        while (level < MostLayers && random.NextInt(degree) == 0)
        {
            level++;
        }

        return level;
    }

    /// <summary>The level of a vector that comes later, whenever that is.</summary>
    private byte LevelOf(int id) => DrawLevel(new SeededRandom((ulong)id, stream: 3), Graph.Degree);

    /// <summary>√(L² − |x|²) for the longest length L, and L².</summary>
    private static (float[] Lacking, float Longest) Lacking(Matrix vectors, int capacity)
    {
        float[] lacking = new float[capacity];
        Span<float> squares = lacking.AsSpan(0, vectors.RowCount);
        for (int row = 0; row < squares.Length; row++)
        {
            squares[row] = Kernel.Dot(vectors.Row(row), vectors.Row(row));
        }

        float longest = squares.IsEmpty ? 0 : Kernel.Max(squares);
        foreach (ref float square in squares)
        {
            square = LackingOf(square, longest);
        }

        return (lacking, longest);
    }

    /// <remarks>Rounding leaves next to nothing of equal lengths; it is nothing. What is longer than all before it lacks
    /// nothing.</remarks>
    private static float LackingOf(float square, float longest) =>
        square > longest * 0.99999f ? 0 : MathF.Sqrt(longest - square);

    private int AddAll(CancellationToken cancellationToken)
    {
        ReadOnlySpan<byte> levels = Graph.Levels.Span;
        int entry = -1;
        for (int id = 0; id < Graph.Count; id++)
        {
            if ((id & 0xFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (entry >= 0)
            {
                Add(id, entry, levels[id], levels[entry]);
            }

            if (entry < 0 || levels[id] > levels[entry])
            {
                entry = id;
            }
        }

        return entry;
    }

    private void Add(int id, int entry, int level, int top)
    {
        float scale = Graph.Scales[id] is > 0 and float some ? some : 1;
        _query.Set(Graph.Row(id), scale);
        float length = _lengths[id] / scale;
        int at = entry;
        for (int layer = top; layer > level; layer--)
        {
            at = _walk.Descend(_query, length, at, layer);
        }

        for (int layer = Math.Min(level, top); layer >= 0; layer--)
        {
            _walk.Run(_query, length, at, layer, _width);
            at = _walk.Id(0);
            int chosen = Choose(Gather(scale), Graph.Degree);
            Write(Links(id, layer), _chosen.AsSpan(0, chosen));
        }

        // Who can reach it finds all of it.
        Interlocked.MemoryBarrier();
        for (int layer = Math.Min(level, top); layer >= 0; layer--)
        {
            ReadOnlySpan<int> links = Graph.Links(id, layer);
            foreach (int other in links.Slice(1, links[0]))
            {
                LinkBack(other, id, layer);
            }
        }
    }

    /// <summary>Takes over what the walk met; those that ended only where there are no others.</summary>
    private int Gather(float scale)
    {
        bool isAnyLive = false;
        for (int i = 0; i < _walk.Count && !isAnyLive; i++)
        {
            isAnyLive = !IsEnded[_walk.Id(i)];
        }

        int count = 0;
        for (int i = 0; i < _walk.Count; i++)
        {
            if (!isAnyLive || !IsEnded[_walk.Id(i)])
            {
                _ids[count] = _walk.Id(i);
                _scores[count++] = _walk.Score(i) * scale;
            }
        }

        return count;
    }

    /// <summary>The list that the graph reads, to be written.</summary>
    private Span<int> Links(int id, int layer)
    {
        (int start, int length) = Graph.PlaceOf(id, layer);
        return MemoryMarshal.Cast<byte, int>((layer == 0 ? _memory.Links : _memory.Upper).Span).Slice(start, length);
    }

    /// <summary>Chooses, best first, those that are nearer to the vector than to any chosen before: neighbours in all
    /// directions.</summary>
    private int Choose(int count, int room)
    {
        ReadOnlySpan<byte> rows = Graph.Rows;
        ReadOnlySpan<float> scales = Graph.Scales;
        int chosen = 0;
        for (int i = 0; i < count && chosen < room; i++)
        {
            bool isNearest = true;
            for (int j = 0; j < chosen && isNearest; j++)
            {
                isNearest = Product(rows, scales, _ids[i], _chosen[j]) <= _scores[i];
            }

            if (isNearest)
            {
                _chosen[chosen++] = _ids[i];
            }
        }

        return chosen;
    }

    private void LinkBack(int id, int added, int layer)
    {
        Span<int> links = Links(id, layer);
        int count = links[0];
        links.Slice(1, count).CopyTo(_ids);
        _ids[count] = added;
        Relink(id, links, count + 1);
    }

    /// <summary>Replaces an ended neighbour by that one's neighbours.</summary>
    private void Bypass(int id, int ended, ReadOnlySpan<int> others, int layer)
    {
        Span<int> links = Links(id, layer);
        if (IsEnded[id] || !links.Slice(1, links[0]).Contains(ended))
        {
            return;
        }

        int count = 0;
        foreach (int other in links.Slice(1, links[0]))
        {
            if (!IsEnded[other])
            {
                _ids[count++] = other;
            }
        }

        foreach (int other in others)
        {
            if (other != id && !IsEnded[other] && !_ids.AsSpan(0, count).Contains(other))
            {
                _ids[count++] = other;
            }
        }

        if (count > 0)
        {
            Relink(id, links, count);
        }
    }

    /// <summary>Gives a vector the neighbours that were gathered, or the best of them where there are too many.</summary>
    private void Relink(int id, Span<int> links, int count)
    {
        if (count < links.Length)
        {
            Write(links, _ids.AsSpan(0, count));
            return;
        }

        ReadOnlySpan<byte> rows = Graph.Rows;
        ReadOnlySpan<float> scales = Graph.Scales;
        for (int i = 0; i < count; i++)
        {
            _scores[i] = -Product(rows, scales, _ids[i], id);
        }

        _scores.AsSpan(0, count).Sort(_ids.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            _scores[i] = -_scores[i];
        }

        int chosen = Choose(count, links.Length - 1);
        Write(links, _chosen.AsSpan(0, chosen));
    }

    private static void Write(Span<int> links, ReadOnlySpan<int> neighbours)
    {
        neighbours.CopyTo(links[1..]);
        Volatile.Write(ref links[0], neighbours.Length);
    }

    private float Product(ReadOnlySpan<byte> rows, ReadOnlySpan<float> scales, int one, int other) =>
        CodeRows.Product(rows, scales, one, other, Graph.Dimension) + (_lengths[one] * _lengths[other]);
}
