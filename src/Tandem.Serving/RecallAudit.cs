using Tandem.Learning.Nearest;
using Tandem.Serving.Pipeline;

namespace Tandem.Serving;

/// <summary>Measures, on a sample of live requests, what share of the true best candidates the index found: the same question
/// is answered by scoring every item, behind the request's back.</summary>
/// <remarks>Thread safe. One question in <see cref="Every"/> is taken, and none while another is at work, so that at most
/// one thread is busy with it and no request waits. Its buffers live on.</remarks>
public sealed class RecallAudit
{
    /// <summary>One question in so many is taken.</summary>
    public const int Every = 64;

    private float[] _query = [];
    private ulong[] _allowed = [];
    private int[] _found = [];
    private int[] _truth = [];
    private NearestIndex? _index;
    private int _allowedCount;
    private int _wanted;
    private int _foundCount;
    private int _indexed;
    private volatile Tally _tally = new(0, 0, 0);
    private Tally? _taken;
    private long _offered;
    private int _isBusy;

    /// <summary>Questions that were answered twice since the model came.</summary>
    public long Questions => _tally.Questions;

    /// <summary>Share of the true best that was found, 0 to 1; null before the first question.</summary>
    public double? Recall => _tally is { Best: > 0 } tally ? (double)tally.Hits / tally.Best : null;

    /// <summary>Begins anew, for another model; a question at work still belongs to the one before.</summary>
    internal void Reset() => _tally = new Tally(0, 0, 0);

    /// <summary>Takes a question where it is its turn.</summary>
    /// <param name="index">The index that answered.</param>
    /// <param name="indexed">How many items it had.</param>
    /// <param name="query">What was searched for.</param>
    /// <param name="allowed">What was allowed.</param>
    /// <param name="wanted">How many were asked for.</param>
    /// <param name="found">What it found.</param>
    internal void Offer(
        NearestIndex index, int indexed, ReadOnlySpan<float> query, ReadOnlySpan<ulong> allowed, int wanted,
        ReadOnlySpan<int> found)
    {
        if (Interlocked.Increment(ref _offered) % Every != 1 || Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            return;
        }

        _index = index;
        _taken = _tally;
        RequestContext.Grow(ref _query, query.Length);
        RequestContext.Grow(ref _allowed, allowed.Length);
        RequestContext.Grow(ref _found, found.Length);
        query.CopyTo(_query);
        allowed.CopyTo(_allowed);
        found.CopyTo(_found);
        _allowedCount = allowed.Length;
        _foundCount = found.Length;
        _indexed = indexed;
        _wanted = Math.Min(wanted, indexed);
        ThreadPool.UnsafeQueueUserWorkItem(static audit => audit.Answer(), this, preferLocal: false);
    }

    private void Answer()
    {
        NearestIndex index = _index!;
        RequestContext.Grow(ref _truth, _wanted);
        int best = index.SearchExact(
            _query.AsSpan(0, index.Dimension), _allowed.AsSpan(0, _allowedCount), _truth.AsSpan(0, _wanted), []);
        Span<int> found = _found.AsSpan(0, _foundCount);
        found.Sort();
        int hits = 0;
        foreach (int id in _truth.AsSpan(0, best))
        {
            hits += found.BinarySearch(id) >= 0 ? 1 : 0;
        }

        // An index that took items in meanwhile knows better ones than it could find.
        Tally before = _taken!;
        Tally after = index.Count == _indexed
            ? new(before.Questions + 1, before.Hits + hits, before.Best + best)
            : before;
        _index = null;
        _taken = null;
        Interlocked.Exchange(ref _isBusy, 0);

        // Behind the release: whoever sees the answer counted may have the next question taken.
#pragma warning disable CS0420 // A compare-exchange is as strong as a volatile write.
        Interlocked.CompareExchange(ref _tally, after, before);
#pragma warning restore CS0420
    }

    private sealed record Tally(long Questions, long Hits, long Best);
}
