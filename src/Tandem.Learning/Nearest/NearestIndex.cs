using System.Numerics;
using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Nearest;

/// <summary>Finds, among many vectors, those with the highest scores for a query: exactly, or nearly and much
/// faster.</summary>
/// <remarks>The kinds share all but how candidates are found: candidates are always scored again in float32, by the same
/// arithmetic as an exact search, and equal scores go to the lowest id. A filter that leaves few vectors is answered by
/// scoring these, exactly. Thread safe: a search finds the vectors of the moment when it began, and waits for no change. It
/// allocates nothing in steady state.</remarks>
public sealed partial class NearestIndex
{
    /// <summary>Where at most this share of the vectors is allowed, they are scored one by one.</summary>
    private const double DirectShare = 0.1;

    /// <summary>Allowed vectors that are looked up before they are scored.</summary>
    private const int RowsAtOnce = 256;

    private readonly ScratchPool<NearestScratch> _scratch;
    private volatile NearestState _state;

    private NearestIndex(NearestState state, NearestOptions options)
    {
        _state = state;
        Options = options;
        Dimension = state.Built.ColumnCount;
        _scratch = new ScratchPool<NearestScratch>(() => new NearestScratch(Dimension));
    }

    /// <summary>How it was built first, with the kind that was chosen.</summary>
    public NearestOptions Options { get; }

    /// <summary>How it finds candidates; never <see cref="NearestKind.Auto"/>.</summary>
    public NearestKind Kind => _state.Source?.Kind ?? NearestKind.Exact;

    /// <summary>Bound of the ids: they are 0 to this, exclusive.</summary>
    public int Count => _state.IdCount;

    /// <summary>Ids that have a vector: all below <see cref="Count"/> but those that were removed or left
    /// out.</summary>
    public int LiveCount => _state.LiveCount;

    /// <summary>Length of the vectors.</summary>
    public int Dimension { get; }

    /// <summary>How hard a search looks: lists that are read, or the width of a walk; 0 where it has no such
    /// choice.</summary>
    public int Effort => _state.Effort;

    /// <summary>Recall at this effort when the index was built, over sampled queries; 1 for an exact one.</summary>
    public double ExpectedRecall => _state.Recall;

    /// <summary>The same index at another effort; changes of one are not seen by the other.</summary>
    /// <param name="effort">From 1; more than there is counts as all there is.</param>
    /// <exception cref="InvalidOperationException">The index was changed since it was built.</exception>
    public NearestIndex WithEffort(int effort)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(effort, 1);
        NearestState state = Unchanged();
        (int least, int most) = state.Source?.Effort ?? (0, 0);
        return new NearestIndex(
            state with { Effort = Math.Clamp(effort, least, most), Recall = double.NaN }, Options);
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
        NearestState state = _state;
        int wanted = Math.Min(ids.Length, Math.Min(state.LiveCount, IdBits.Count(allowed, state.IdCount)));
        if (wanted == 0)
        {
            return 0;
        }

        NearestScratch scratch = _scratch.Rent();
        Prepare(query, scratch.Query);
        scratch.Best.Reset(wanted);
        RowFilter filter = state.Filter(allowed);
        double share = state.ShareOf(allowed);
        if (!allowed.IsEmpty && share <= DirectShare)
        {
            ScanAllowed(state, scratch.Query, in filter, scratch.Best);
        }
        else if (state.Source is null || isExact)
        {
            state.ScanAll(scratch.Query, in filter, scratch.Best);
        }
        else
        {
            Propose(state, scratch, in filter, share, wanted);
        }

        int found = scratch.Best.Finish(ids, scores);
        _scratch.Return(scratch);

        // Spans over a mapped file do not hold it.
        GC.KeepAlive(state);
        return found;
    }

    private static void ScanAllowed(
        NearestState state, ReadOnlySpan<float> query, in RowFilter filter, BestList best)
    {
        Span<int> rows = stackalloc int[RowsAtOnce];
        int count = 0;
        for (int word = 0; word < filter.Allowed.Length; word++)
        {
            for (ulong bits = filter.Allowed[word]; bits != 0; bits &= bits - 1)
            {
                rows[count] = state.RowOf((word * 64) + BitOperations.TrailingZeroCount(bits));
                count += rows[count] >= 0 ? 1 : 0;
                if (count == rows.Length)
                {
                    state.ScanSome(query, rows, in filter, best);
                    count = 0;
                }
            }
        }

        state.ScanSome(query, rows[..count], in filter, best);
    }

    /// <summary>Candidates whose codes are scored again: enough that what rounding costs is not missed.</summary>
    private static int CandidatesFor(int wanted) => (int)Math.Min(int.MaxValue / 4, wanted + (wanted / 2L) + 32);

    private static void Propose(
        NearestState state, NearestScratch scratch, in RowFilter filter, double share, int wanted)
    {
        int candidates = CandidatesFor(wanted);
        state.Rotation.Multiply(scratch.Query, scratch.Rotated);
        scratch.Codes.Set(scratch.Rotated);
        scratch.Wanted = wanted;
        scratch.Candidates.Reset(candidates);
        state.Source!.Propose(scratch, in filter, share, (double)state.LiveCount / state.RowCount, state.Effort);
        Rescore(state, scratch.Candidates, scratch, scratch.Query, in filter, scratch.Best, candidates);
    }

    private static void Rescore(
        NearestState state, BestList candidates, NearestScratch scratch, ReadOnlySpan<float> query, in RowFilter filter,
        BestList best, int room)
    {
        Span<int> rows = scratch.Ids(room);
        int found = candidates.Finish(rows, []);
        state.ScanSome(query, rows[..found], in filter, best);
    }

    /// <summary>Copies a query, normalised where the metric is the cosine.</summary>
    private void Prepare(ReadOnlySpan<float> query, Span<float> prepared)
    {
        query.CopyTo(prepared);
        if (Options.Metric == NearestMetric.Cosine)
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
