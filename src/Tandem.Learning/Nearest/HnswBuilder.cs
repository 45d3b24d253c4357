using System.Runtime.InteropServices;
using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Builds a graph of neighbours by adding one vector after another. Paper: Malkov and Yashunin, <em>Efficient and
/// robust approximate nearest neighbor search using hierarchical navigable small world graphs</em>, 2018.</summary>
/// <remarks>Vectors of different lengths get one more dimension that makes all as long as the longest, so that near and
/// high-scoring are the same: Bachrach et al., <em>Speeding up the Xbox recommender system using a Euclidean transformation
/// for inner-product spaces</em>, 2014. One thread, so that the graph is the same every time.</remarks>
internal sealed class HnswBuilder
{
    private const int MostLayers = 12;

    private readonly HnswGraph _graph;
    private readonly HnswWalk _walk;
    private readonly Memory<byte> _links;
    private readonly Memory<byte> _upper;
    private readonly float[] _lengths;
    private readonly CodeQuery _query;
    private readonly int _width;
    private readonly int[] _chosen;
    private readonly int[] _ids;
    private readonly float[] _scores;

    private HnswBuilder(
        HnswGraph graph, Memory<byte> links, Memory<byte> upper, float[] lengths, int width)
    {
        _graph = graph;
        _links = links;
        _upper = upper;
        _lengths = lengths;
        _width = width;
        _walk = new HnswWalk(graph, lengths);
        _query = new CodeQuery(graph.Dimension);
        _chosen = new int[2 * graph.Degree];
        _ids = new int[Math.Max(width, (2 * graph.Degree) + 1)];
        _scores = new float[_ids.Length];
    }

    /// <summary>Builds the graph; gives with it the vector where searches begin, −1 where there is none.</summary>
    public static (HnswGraph Graph, int Entry) Build(
        Matrix vectors, Matrix rotation, NearestOptions options, int threadCount, CancellationToken cancellationToken)
    {
        int count = vectors.RowCount;
        int stride = CodeRows.StrideOf(vectors.ColumnCount);
        Memory<byte> rows = AlignedBytes.Allocate((long)count * stride);
        Memory<byte> scales = CodedVectors.Allocate<float>(count);
        CodedVectors.Encode(
            vectors, rotation,
            (row, codes, scale) =>
            {
                MemoryMarshal.AsBytes(codes).CopyTo(rows.Span.Slice(row * stride, stride));
                MemoryMarshal.Cast<byte, float>(scales.Span)[row] = scale;
            },
            threadCount, cancellationToken);
        byte[] levels = DrawLevels(count, options);
        Memory<byte> links = CodedVectors.Allocate<int>(count * ((2L * options.Degree) + 1));
        Memory<byte> upper = CodedVectors.Allocate<int>(HnswGraph.UpperLength(levels, options.Degree));
        HnswGraph graph = new(vectors.ColumnCount, options.Degree, rows, scales, links, levels, upper);
        HnswBuilder builder = new(graph, links, upper, Lacking(vectors), options.BuildWidth);
        return (graph, builder.AddAll(cancellationToken));
    }

    /// <summary>Each layer holds one in so many of the one below.</summary>
    private static byte[] DrawLevels(int count, NearestOptions options)
    {
        SeededRandom random = new(options.Seed, stream: 3);
        byte[] levels = new byte[count];
        foreach (ref byte level in levels.AsSpan())
        {
            while (level < MostLayers && random.NextInt(options.Degree) == 0)
            {
                level++;
            }
        }

        return levels;
    }

    /// <summary>√(L² − |x|²) for the longest length L.</summary>
    private static float[] Lacking(Matrix vectors)
    {
        float[] lacking = new float[vectors.RowCount];
        for (int row = 0; row < lacking.Length; row++)
        {
            lacking[row] = Kernel.Dot(vectors.Row(row), vectors.Row(row));
        }

        float longest = Kernel.Max(lacking);
        foreach (ref float square in lacking.AsSpan())
        {
            // Rounding leaves next to nothing of equal lengths; it is nothing.
            square = square > longest * 0.99999f ? 0 : MathF.Sqrt(longest - square);
        }

        return lacking;
    }

    private int AddAll(CancellationToken cancellationToken)
    {
        ReadOnlySpan<byte> levels = _graph.Levels.Span;
        int entry = -1;
        for (int id = 0; id < _graph.Count; id++)
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
        float scale = _graph.Scales[id] is > 0 and float some ? some : 1;
        _query.Set(_graph.Row(id), scale);
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
            for (int i = 0; i < _walk.Count; i++)
            {
                _ids[i] = _walk.Id(i);
                _scores[i] = _walk.Score(i) * scale;
            }

            int chosen = Choose(_walk.Count, _graph.Degree);
            Span<int> links = Links(id, layer);
            links[0] = chosen;
            _chosen.AsSpan(0, chosen).CopyTo(links[1..]);
            foreach (int other in links.Slice(1, chosen))
            {
                LinkBack(other, id, layer);
            }
        }
    }

    /// <summary>The list that the graph reads, to be written.</summary>
    private Span<int> Links(int id, int layer)
    {
        (int start, int length) = _graph.PlaceOf(id, layer);
        return MemoryMarshal.Cast<byte, int>((layer == 0 ? _links : _upper).Span).Slice(start, length);
    }

    /// <summary>Chooses, best first, those that are nearer to the vector than to any chosen before: neighbours in all
    /// directions.</summary>
    private int Choose(int count, int room)
    {
        ReadOnlySpan<byte> rows = _graph.Rows;
        ReadOnlySpan<float> scales = _graph.Scales;
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
        if (count < links.Length - 1)
        {
            links[++links[0]] = added;
            return;
        }

        links[1..].CopyTo(_ids);
        _ids[count] = added;
        ReadOnlySpan<byte> rows = _graph.Rows;
        ReadOnlySpan<float> scales = _graph.Scales;
        for (int i = 0; i <= count; i++)
        {
            _scores[i] = -Product(rows, scales, _ids[i], id);
        }

        _scores.AsSpan(0, count + 1).Sort(_ids.AsSpan(0, count + 1));
        for (int i = 0; i <= count; i++)
        {
            _scores[i] = -_scores[i];
        }

        int chosen = Choose(count + 1, links.Length - 1);
        links[0] = chosen;
        _chosen.AsSpan(0, chosen).CopyTo(links[1..]);
    }

    private float Product(ReadOnlySpan<byte> rows, ReadOnlySpan<float> scales, int one, int other) =>
        CodeRows.Product(rows, scales, one, other, _graph.Dimension) + (_lengths[one] * _lengths[other]);
}
