using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Proposes the best of all vectors by their codes.</summary>
internal sealed class ByteSource : ICandidateSource
{
    private const string BlocksName = "blocks";

    /// <summary>Bytes of blocks that stay in the second cache while all queries pass.</summary>
    private const int BytesAtOnce = 256 << 10;

    private readonly ReadOnlyMemory<byte> _blocks;
    private readonly int _blockBytes;
    private readonly CodeTail? _tail;

    private ByteSource(ReadOnlyMemory<byte> blocks, int blockBytes, CodeTail? tail = null)
    {
        _blocks = blocks;
        _blockBytes = blockBytes;
        _tail = tail;
    }

    public NearestKind Kind => NearestKind.Bytes;

    public (int Least, int Most) Effort => (0, 0);

    public IReadOnlyList<KeyValuePair<string, double>> Settings => [];

    public IReadOnlyList<NearestSection> Sections => [new(BlocksName, _blocks)];

    private int BlockCount => _blocks.Length / _blockBytes;

    public static ByteSource Build(
        Matrix vectors, Matrix rotation, int threadCount, CancellationToken cancellationToken)
    {
        int size = CodeBlocks.BytesOf(vectors.ColumnCount);
        long blocks = (vectors.RowCount + CodeBlocks.Lanes - 1) / CodeBlocks.Lanes;
        Memory<byte> memory = AlignedBytes.Allocate(blocks * size);
        CodeBlocks.Clear(memory.Span, vectors.ColumnCount);
        CodedVectors.Encode(
            vectors, rotation,
            (row, codes, scale) => CodeBlocks.Put(
                memory.Span.Slice(row / CodeBlocks.Lanes * size, size), row % CodeBlocks.Lanes,
                codes[..vectors.ColumnCount], scale),
            threadCount, cancellationToken);
        return new ByteSource(memory, size);
    }

    public static ByteSource Load(NearestContent content, int count, int dimension)
    {
        long blocks = (count + CodeBlocks.Lanes - 1) / CodeBlocks.Lanes;
        int size = CodeBlocks.BytesOf(dimension);
        return new ByteSource(content.Section(BlocksName, blocks * size), size);
    }

    public void Propose(NearestScratch scratch, in RowFilter filter, double share, double live, int effort)
    {
        CodeBlocks.Scan(_blocks.Span, 0, BlockCount, scratch.Codes, scratch.Candidates, [], in filter);
        _tail?.Scan(0, scratch.Codes, scratch.Candidates, in filter);
    }

    public ICandidateSource Open(Matrix vectors) =>
        new ByteSource(_blocks, _blockBytes, new CodeTail(vectors.ColumnCount, lists: 1));

    public ICandidateSource Add(int row, ReadOnlySpan<float> vector, ReadOnlySpan<float> rotated)
    {
        CodeTail tail = _tail!.Add(0, row, rotated);
        return tail == _tail ? this : new ByteSource(_blocks, _blockBytes, tail);
    }

    public void End(int row)
    {
    }

    /// <summary>The same for many queries, which read the codes once.</summary>
    public void ProposeMany(
        ReadOnlySpan<FourQueries> queries, ReadOnlySpan<BestList> candidates, ReadOnlySpan<ulong> allowed)
    {
        ReadOnlySpan<byte> blocks = _blocks.Span;
        int step = Math.Max(1, BytesAtOnce / _blockBytes);
        for (int first = 0; first < BlockCount; first += step)
        {
            int end = Math.Min(BlockCount, first + step);
            for (int i = 0; i < queries.Length; i++)
            {
                CodeBlocks.ScanFour(
                    blocks, first, end, queries[i], candidates.Slice(i * FourQueries.Count, FourQueries.Count), allowed);
            }
        }
    }
}
