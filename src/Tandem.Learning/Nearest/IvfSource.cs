using System.Runtime.InteropServices;
using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Proposes the best of the lists whose centroids promise most.</summary>
/// <remarks>Vectors lie in the list of their nearest centroid; a query reads the lists whose centroids have the largest
/// inner product with it. Paper: Sivic and Zisserman, <em>Video Google</em>, 2003; Jégou et al., <em>Product quantization
/// for nearest neighbor search</em>, 2011.</remarks>
internal sealed class IvfSource : ICandidateSource
{
    private const string BlocksName = "blocks";
    private const string IdsName = "ids";
    private const string StartsName = "starts";
    private const string CentroidsName = "centroids";
    private const string ListsName = "lists";

    private const int VectorsPerList = 1000;
    private const int SamplesPerList = 64;
    private const int Iterations = 10;

    private readonly ReadOnlyMemory<byte> _blocks;
    private readonly ReadOnlyMemory<byte> _ids;
    private readonly int[] _starts;
    private readonly Matrix _centroids;
    private readonly CodeTail? _tail;

    private IvfSource(
        ReadOnlyMemory<byte> blocks, ReadOnlyMemory<byte> ids, int[] starts, Matrix centroids, CodeTail? tail = null)
    {
        _blocks = blocks;
        _ids = ids;
        _starts = starts;
        _centroids = centroids;
        _tail = tail;
    }

    public NearestKind Kind => NearestKind.Ivf;

    public (int Least, int Most) Effort => (1, _centroids.RowCount);

    public IReadOnlyList<KeyValuePair<string, double>> Settings => [new(ListsName, _centroids.RowCount)];

    public IReadOnlyList<NearestSection> Sections =>
    [
        new(BlocksName, _blocks),
        new(IdsName, _ids),
        new(StartsName, MemoryMarshal.AsBytes(_starts.AsSpan()).ToArray()),
        new(CentroidsName, MemoryMarshal.AsBytes(_centroids.Values.AsSpan()).ToArray()),
    ];

    public static IvfSource Build(
        Matrix vectors, Matrix rotation, NearestOptions options, int threadCount, CancellationToken cancellationToken)
    {
        int count = vectors.RowCount;
        int lists = Math.Clamp(options.Lists ?? ((count + VectorsPerList - 1) / VectorsPerList), 1, Math.Max(1, count));
        if (count == 0)
        {
            return new IvfSource(default, default, [0, 0], new Matrix(1, vectors.ColumnCount));
        }

        int[] sample = Sample(count, (int)Math.Min(count, (long)lists * SamplesPerList), options.Seed);
        Matrix points = CodedVectors.Rotate(vectors, rotation, sample, threadCount, cancellationToken);
        Matrix centroids = KMeans.Fit(points, lists, Iterations, options.Seed, threadCount, cancellationToken);
        int[] groups = new int[count];
        KMeans.Assign(
            vectors, TurnedBack(centroids, rotation, threadCount, cancellationToken), groups, threadCount,
            cancellationToken);
        return Fill(vectors, rotation, centroids, groups, threadCount, cancellationToken);
    }

    public static IvfSource Load(NearestContent content, int dimension)
    {
        int lists = content.Count(ListsName);
        int[] starts = MemoryMarshal.Cast<byte, int>(
            content.Section(StartsName, (lists + 1L) * sizeof(int)).Span).ToArray();
        if (lists == 0 || starts[0] != 0 || !IsRising(starts))
        {
            throw NearestContent.Damaged("the lists do not follow each other");
        }

        float[] centroids = MemoryMarshal.Cast<byte, float>(
            content.Section(CentroidsName, (long)lists * dimension * sizeof(float)).Span).ToArray();
        return new IvfSource(
            content.Section(BlocksName, (long)starts[^1] * CodeBlocks.BytesOf(dimension)),
            content.Section(IdsName, (long)starts[^1] * CodeBlocks.Lanes * sizeof(int)),
            starts, new Matrix(lists, dimension, centroids));
    }

    /// <remarks>Fewer allowed vectors lie further apart: as many more lists are read.</remarks>
    public void Propose(NearestScratch scratch, in RowFilter filter, double share, double live, int effort)
    {
        Span<float> promise = scratch.Scores(_centroids.RowCount);
        _centroids.Multiply(scratch.Rotated, promise);
        int probes = (int)Math.Min(_centroids.RowCount, Math.Ceiling(effort / share));
        Span<int> lists = scratch.Ids(probes);
        int found = TopK.Select(promise, lists);
        ReadOnlySpan<byte> blocks = _blocks.Span;
        ReadOnlySpan<int> ids = MemoryMarshal.Cast<byte, int>(_ids.Span);
        foreach (int list in lists[..found])
        {
            CodeBlocks.Scan(
                blocks, _starts[list], _starts[list + 1], scratch.Codes, scratch.Candidates, ids, in filter);
            _tail?.Scan(list, scratch.Codes, scratch.Candidates, in filter);
        }
    }

    public ICandidateSource Open(Matrix vectors) =>
        new IvfSource(_blocks, _ids, _starts, _centroids, new CodeTail(vectors.ColumnCount, _centroids.RowCount));

    public ICandidateSource Add(int row, ReadOnlySpan<float> vector, ReadOnlySpan<float> rotated)
    {
        CodeTail tail = _tail!.Add(NearestList(rotated), row, rotated);
        return tail == _tail ? this : new IvfSource(_blocks, _ids, _starts, _centroids, tail);
    }

    public void End(int row)
    {
    }

    private int NearestList(ReadOnlySpan<float> rotated)
    {
        int nearest = 0;
        float least = float.PositiveInfinity;
        for (int list = 0; list < _centroids.RowCount; list++)
        {
            // |c − x|² without |x|², which is the same for all.
            ReadOnlySpan<float> centroid = _centroids.Row(list);
            float distance = Kernel.Dot(centroid, centroid) - (2 * Kernel.Dot(centroid, rotated));
            (nearest, least) = distance < least ? (list, distance) : (nearest, least);
        }

        return nearest;
    }

    private static IvfSource Fill(
        Matrix vectors, Matrix rotation, Matrix centroids, int[] groups, int threadCount,
        CancellationToken cancellationToken)
    {
        (int[] starts, int[] places) = Places(groups, centroids.RowCount);
        int size = CodeBlocks.BytesOf(vectors.ColumnCount);
        Memory<byte> blocks = AlignedBytes.Allocate((long)starts[^1] * size);
        CodeBlocks.Clear(blocks.Span, vectors.ColumnCount);
        Memory<byte> ids = CodedVectors.Allocate<int>((long)starts[^1] * CodeBlocks.Lanes);
        Span<int> names = MemoryMarshal.Cast<byte, int>(ids.Span);
        names.Fill(-1);
        for (int row = 0; row < places.Length; row++)
        {
            names[places[row]] = row;
        }

        CodedVectors.Encode(
            vectors, rotation,
            (row, codes, scale) => CodeBlocks.Put(
                blocks.Span.Slice(places[row] / CodeBlocks.Lanes * size, size), places[row] % CodeBlocks.Lanes,
                codes[..vectors.ColumnCount], scale),
            threadCount, cancellationToken);
        return new IvfSource(blocks, ids, starts, centroids);
    }

    /// <summary>The first block of each list, and the place of each vector: in its list, in the order of the
    /// numbers.</summary>
    private static (int[] Starts, int[] Places) Places(int[] groups, int lists)
    {
        int[] sizes = new int[lists];
        foreach (int group in groups)
        {
            sizes[group]++;
        }

        int[] starts = new int[lists + 1];
        int[] next = new int[lists];
        for (int list = 0; list < lists; list++)
        {
            next[list] = starts[list] * CodeBlocks.Lanes;
            starts[list + 1] = starts[list] + ((sizes[list] + CodeBlocks.Lanes - 1) / CodeBlocks.Lanes);
        }

        int[] places = new int[groups.Length];
        for (int row = 0; row < groups.Length; row++)
        {
            places[row] = next[groups[row]]++;
        }

        return (starts, places);
    }

    private static Matrix TurnedBack(
        Matrix centroids, Matrix rotation, int threadCount, CancellationToken cancellationToken)
    {
        // Rows are rotated by R·x, so that c·R turns them back.
        Matrix back = new(centroids.RowCount, centroids.ColumnCount);
        MatrixProduct.Multiply(centroids, rotation, back, threadCount, cancellationToken);
        return back;
    }

    private static int[] Sample(int count, int wanted, ulong seed)
    {
        SeededRandom random = new(seed, stream: 1);
        int[] sample = new int[wanted];
        int taken = 0;
        for (int row = 0; row < count && taken < wanted; row++)
        {
            if (random.NextInt(count - row) < wanted - taken)
            {
                sample[taken++] = row;
            }
        }

        return sample;
    }

    private static bool IsRising(int[] starts)
    {
        for (int i = 1; i < starts.Length; i++)
        {
            if (starts[i] < starts[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
