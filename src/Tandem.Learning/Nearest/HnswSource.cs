using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Proposes what a walk over a graph of neighbours meets.</summary>
internal sealed class HnswSource : ICandidateSource
{
    private const string DegreeName = "degree";
    private const string EntryName = "entry";

    private const int RowsAtOnce = 64;

    private readonly HnswGraph _graph;
    private readonly int _entry;
    private readonly ScratchPool<HnswWalk> _walks;

    private HnswSource(HnswGraph graph, int entry)
    {
        _graph = graph;
        _entry = entry;
        _walks = new ScratchPool<HnswWalk>(() => new HnswWalk(graph));
    }

    public NearestKind Kind => NearestKind.Hnsw;

    public (int Least, int Most) Effort => (1, Math.Max(1, _graph.Count));

    public IReadOnlyList<KeyValuePair<string, double>> Settings =>
        [new(DegreeName, _graph.Degree), new(EntryName, Math.Max(0, _entry))];

    public IReadOnlyList<NearestSection> Sections =>
    [
        new("rows", _graph.RowBytes),
        new("scales", _graph.ScaleBytes),
        new("links", _graph.LinkBytes),
        new("levels", _graph.Levels),
        new("upper", _graph.UpperBytes),
    ];

    public static HnswSource Build(
        Matrix vectors, Matrix rotation, NearestOptions options, int threadCount, CancellationToken cancellationToken)
    {
        (HnswGraph graph, int entry) =
            HnswBuilder.Build(vectors, rotation, options, threadCount, cancellationToken);
        return new HnswSource(graph, entry);
    }

    public static HnswSource Load(NearestContent content, int count, int dimension)
    {
        int degree = content.Count(DegreeName);
        ReadOnlyMemory<byte> levels = content.Section("levels", count);
        HnswGraph graph = new(
            dimension, degree,
            content.Section("rows", (long)count * CodeRows.StrideOf(dimension)),
            content.Section("scales", (long)count * sizeof(float)),
            content.Section("links", count * ((2L * degree) + 1) * sizeof(int)),
            levels,
            content.Section("upper", (long)HnswGraph.UpperLength(levels.Span, degree) * sizeof(int)));
        int entry = count == 0 ? -1 : content.Count(EntryName);
        return entry < count && graph.IsSound()
            ? new HnswSource(graph, entry)
            : throw NearestContent.Damaged("a neighbour does not exist");
    }

    /// <remarks>Fewer allowed vectors lie further apart: the walk keeps as many more. One that would keep half of all is
    /// dearer than reading all.</remarks>
    public void Propose(NearestScratch scratch, ReadOnlySpan<ulong> allowed, double share, int effort)
    {
        int width = (int)Math.Min(_graph.Count, Math.Ceiling(effort / share));
        if (width > _graph.Count / 2)
        {
            ScanAll(scratch, allowed);
            return;
        }

        HnswWalk walk = _walks.Rent();
        int at = _entry;
        for (int layer = _graph.Levels.Span[_entry]; layer > 0; layer--)
        {
            at = walk.Descend(scratch.Codes, 0, at, layer);
        }

        walk.Run(scratch.Codes, 0, at, 0, width);
        for (int i = 0; i < walk.Count; i++)
        {
            int id = walk.Id(i);
            if (IdBits.Has(allowed, id))
            {
                scratch.Candidates.Add(walk.Score(i), id);
            }
        }

        _walks.Return(walk);
    }

    private void ScanAll(NearestScratch scratch, ReadOnlySpan<ulong> allowed)
    {
        Span<int> ids = stackalloc int[RowsAtOnce];
        Span<float> scores = stackalloc float[RowsAtOnce];
        for (int first = 0; first < _graph.Count; first += RowsAtOnce)
        {
            int count = 0;
            for (int id = first; id < Math.Min(first + RowsAtOnce, _graph.Count); id++)
            {
                if (IdBits.Has(allowed, id))
                {
                    ids[count++] = id;
                }
            }

            CodeRows.Score(_graph.Rows, _graph.Scales, ids[..count], scratch.Codes, scores);
            for (int i = 0; i < count; i++)
            {
                if (scores[i] > scratch.Candidates.Threshold)
                {
                    scratch.Candidates.Add(scores[i], ids[i]);
                }
            }
        }
    }
}
