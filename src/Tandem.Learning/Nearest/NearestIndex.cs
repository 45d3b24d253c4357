using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Nearest;

/// <summary>Finds, among many vectors, those with the highest scores for a query: exactly, or nearly and much
/// faster.</summary>
/// <remarks>The kinds share all but how candidates are found: candidates are always scored again in float32, by the same
/// arithmetic as an exact search, and equal scores go to the lowest id. A filter that leaves few vectors is answered by
/// scoring these, exactly. Immutable and thread safe; a search allocates nothing in steady state.</remarks>
public sealed partial class NearestIndex
{
    /// <summary>Where at most this share of the vectors is allowed, they are scored one by one.</summary>
    private const double DirectShare = 0.1;

    private readonly Matrix _vectors;
    private readonly Matrix _rotation;
    private readonly ICandidateSource? _source;
    private readonly NearestMetric _metric;
    private readonly ulong _seed;
    private readonly ScratchPool<NearestScratch> _scratch;

    private NearestIndex(
        Matrix vectors, Matrix rotation, ICandidateSource? source, NearestMetric metric, ulong seed, int effort,
        double recall)
    {
        _vectors = vectors;
        _rotation = rotation;
        _source = source;
        _metric = metric;
        _seed = seed;
        Effort = effort;
        ExpectedRecall = recall;
        _scratch = new ScratchPool<NearestScratch>(() => new NearestScratch(vectors.ColumnCount));
    }

    /// <summary>How it finds candidates; never <see cref="NearestKind.Auto"/>.</summary>
    public NearestKind Kind => _source?.Kind ?? NearestKind.Exact;

    /// <summary>Number of vectors; ids are 0 to this, exclusive.</summary>
    public int Count => _vectors.RowCount;

    /// <summary>Length of the vectors.</summary>
    public int Dimension => _vectors.ColumnCount;

    /// <summary>How hard a search looks: lists that are read, or the width of a walk; 0 where it has no such
    /// choice.</summary>
    public int Effort { get; }

    /// <summary>Recall at this effort when the index was built, over sampled queries; 1 for an exact one.</summary>
    public double ExpectedRecall { get; }

    /// <summary>The same index at another effort.</summary>
    /// <param name="effort">From 1; more than there is counts as all there is.</param>
    public NearestIndex WithEffort(int effort)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(effort, 1);
        (int least, int most) = _source?.Effort ?? (0, 0);
        return new NearestIndex(
            _vectors, _rotation, _source, _metric, _seed, Math.Clamp(effort, least, most), double.NaN);
    }

    /// <summary>Finds the vectors that score highest.</summary>
    /// <param name="query">The query, length <see cref="Dimension"/>.</param>
    /// <param name="allowed">One bit an id, as <see cref="IdBits"/> keeps them; empty allows all.</param>
    /// <param name="ids">Receives the ids, best first, equal scores by the lowest id; its length is how many are
    /// wanted.</param>
    /// <param name="scores">Receives their scores, as long, or empty.</param>
    /// <returns>How many there are: fewer than wanted only where fewer are allowed or an approximate index found
    /// fewer.</returns>
    /// <exception cref="TandemException">LRN032: the query holds something that is no number.</exception>
    public int Search(
        ReadOnlySpan<float> query, ReadOnlySpan<ulong> allowed, Span<int> ids, Span<float> scores) =>
        Search(query, allowed, ids, scores, isExact: false);

    /// <summary>The same by scoring every allowed vector, whatever the kind: what recall is measured against.</summary>
    /// <inheritdoc cref="Search(ReadOnlySpan{float}, ReadOnlySpan{ulong}, Span{int}, Span{float})"/>
    public int SearchExact(
        ReadOnlySpan<float> query, ReadOnlySpan<ulong> allowed, Span<int> ids, Span<float> scores) =>
        Search(query, allowed, ids, scores, isExact: true);

    private int Search(
        ReadOnlySpan<float> query, ReadOnlySpan<ulong> allowed, Span<int> ids, Span<float> scores, bool isExact)
    {
        ThrowUnlessQuery(query);
        int allowedCount = IdBits.Count(allowed, Count);
        int wanted = Math.Min(ids.Length, allowedCount);
        if (wanted == 0)
        {
            return 0;
        }

        NearestScratch scratch = _scratch.Rent();
        Prepare(query, scratch.Query);
        scratch.Best.Reset(wanted);
        double share = (double)allowedCount / Count;
        if (!allowed.IsEmpty && share <= DirectShare)
        {
            RowScan.ScanAllowed(_vectors, scratch.Query, allowed, scratch.Best);
        }
        else if (_source is null || isExact)
        {
            RowScan.Scan(_vectors, 0, Count, scratch.Query, allowed, scratch.Best);
        }
        else
        {
            Propose(scratch, allowed, share, wanted);
        }

        int found = scratch.Best.Finish(ids, scores);
        _scratch.Return(scratch);
        return found;
    }

    /// <summary>Candidates whose codes are scored again: enough that what rounding costs is not missed.</summary>
    private static int CandidatesFor(int wanted) => (int)Math.Min(int.MaxValue / 4, wanted + (wanted / 2L) + 32);

    private void Propose(NearestScratch scratch, ReadOnlySpan<ulong> allowed, double share, int wanted)
    {
        int candidates = CandidatesFor(wanted);
        _rotation.Multiply(scratch.Query, scratch.Rotated);
        scratch.Codes.Set(scratch.Rotated);
        scratch.Candidates.Reset(candidates);
        _source!.Propose(scratch, allowed, share, Effort);
        Rescore(scratch.Candidates, scratch, scratch.Query, scratch.Best, candidates);
    }

    private void Rescore(
        BestList candidates, NearestScratch scratch, ReadOnlySpan<float> query, BestList best, int room)
    {
        Span<int> ids = scratch.Ids(room);
        int found = candidates.Finish(ids, []);
        RowScan.ScanIds(_vectors, query, ids[..found], best);
    }

    /// <summary>Copies a query, normalised where the metric is the cosine.</summary>
    private void Prepare(ReadOnlySpan<float> query, Span<float> prepared)
    {
        query.CopyTo(prepared);
        if (_metric == NearestMetric.Cosine)
        {
            Normalise(prepared);
        }
    }

    private static void Normalise(Span<float> vector)
    {
        float square = Kernel.Dot(vector, vector);
        Kernel.Scale(square > 0 ? 1 / MathF.Sqrt(square) : 0, vector);
    }

    private void ThrowUnlessQuery(ReadOnlySpan<float> query)
    {
        if (query.Length != Dimension)
        {
            throw new ArgumentException(
                $"The query has {query.Length} numbers, the index {Dimension}.", nameof(query));
        }

        if (!float.IsFinite(Kernel.Dot(query, query)))
        {
            throw new TandemException(LearningErrors.BadQuery());
        }
    }
}
