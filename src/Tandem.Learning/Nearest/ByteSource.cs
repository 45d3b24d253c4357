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

    private ByteSource(ReadOnlyMemory<byte> blocks, int dimension)
    {
        _blocks = blocks;
        _blockBytes = CodeBlocks.BytesOf(dimension);
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
        return new ByteSource(memory, vectors.ColumnCount);
    }

    public static ByteSource Load(NearestContent content, int count, int dimension)
    {
        long blocks = (count + CodeBlocks.Lanes - 1) / CodeBlocks.Lanes;
        return new ByteSource(content.Section(BlocksName, blocks * CodeBlocks.BytesOf(dimension)), dimension);
    }

    public void Propose(NearestScratch scratch, ReadOnlySpan<ulong> allowed, double share, int effort) =>
        CodeBlocks.Scan(_blocks.Span, 0, BlockCount, scratch.Codes, scratch.Candidates, [], allowed);

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
