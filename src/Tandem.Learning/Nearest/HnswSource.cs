using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Proposes what a walk over a graph of neighbours meets.</summary>
internal sealed class HnswSource : ICandidateSource
{
    private const string EntryName = "entry";

    private const int RowsAtOnce = 64;

    private readonly HnswGraph _graph;
    private readonly HnswBuilder? _builder;
    private readonly int _width;
    private readonly ScratchPool<HnswWalk> _walks;
    private volatile int _entry;

    private HnswSource(HnswGraph graph, int entry, int width, HnswBuilder? builder = null)
    {
        _graph = graph;
        _entry = entry;
        _width = width;
        _builder = builder;
        _walks = new ScratchPool<HnswWalk>(() => new HnswWalk(graph, builder?.IsEnded));
    }

    public NearestKind Kind => NearestKind.Hnsw;

    public (int Least, int Most) Effort => (1, Math.Max(1, _graph.Count));

    public IReadOnlyList<KeyValuePair<string, double>> Settings => [new(EntryName, Math.Max(0, _entry))];

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
        return new HnswSource(graph, entry, options.BuildWidth);
    }

    public static HnswSource Load(NearestContent content, int count, int dimension, NearestOptions options)
    {
        int degree = options.Degree;
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
            ? new HnswSource(graph, entry, options.BuildWidth)
            : throw NearestContent.Damaged("a neighbour does not exist");
    }

    /// <remarks>Fewer allowed vectors lie further apart: the walk keeps as many more; those that ended it does not count. One
    /// that would keep half of all is dearer than reading all.</remarks>
    public void Propose(NearestScratch scratch, in RowFilter filter, double share, double live, int effort)
    {
        int width = (int)Math.Min(
            _graph.Count, Math.Ceiling(Math.Max(effort, scratch.Wanted) * live / share));
        if (width > _graph.Count / 2)
        {
            ScanAll(scratch, in filter);
            return;
        }

        HnswWalk walk = _walks.Rent();
        int at = _entry;
        for (int layer = _graph.Levels.Span[at]; layer > 0; layer--)
        {
            at = walk.Descend(scratch.Codes, 0, at, layer);
        }

        walk.Run(scratch.Codes, 0, at, 0, width);
        int found = 0;
        for (int i = 0; i < walk.Count; i++)
        {
            found += filter.Has(walk.Id(i)) ? 1 : 0;
        }

        if (found < scratch.Wanted && walk.Count < width)
        {
            // Changes cut off what it began in: there is no way to the others.
            ScanAll(scratch, in filter);
        }
        else
        {
            Offer(walk, scratch.Candidates, in filter);
        }

        _walks.Return(walk);
    }

    public ICandidateSource Open(Matrix vectors)
    {
        var builder = HnswBuilder.Open(_graph, vectors, _width);
        return new HnswSource(builder.Graph, _entry, _width, builder);
    }

    public ICandidateSource Add(int row, ReadOnlySpan<float> vector, ReadOnlySpan<float> rotated)
    {
        HnswBuilder builder = _builder!.WithRoom();
        int entry = builder.Insert(vector, rotated, _entry);
        if (builder != _builder)
        {
            return new HnswSource(builder.Graph, entry, _width, builder);
        }

        _entry = entry;
        return this;
    }

    public void End(int row) => _builder!.End(row);

    private static void Offer(HnswWalk walk, BestList candidates, in RowFilter filter)
    {
        for (int i = 0; i < walk.Count; i++)
        {
            int id = walk.Id(i);
            if (filter.Has(id))
            {
                candidates.Add(walk.Score(i), id);
            }
        }
    }

    private void ScanAll(NearestScratch scratch, in RowFilter filter)
    {
        Span<int> ids = stackalloc int[RowsAtOnce];
        Span<float> scores = stackalloc float[RowsAtOnce];
        for (int first = 0; first < _graph.Count; first += RowsAtOnce)
        {
            int count = 0;
            for (int id = first; id < Math.Min(first + RowsAtOnce, _graph.Count); id++)
            {
                if (filter.Has(id))
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
