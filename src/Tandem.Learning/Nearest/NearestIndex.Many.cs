using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

public sealed partial class NearestIndex
{
    /// <summary>Answers many queries; kinds that read all vectors read them once for many, until they are changed.</summary>
    /// <param name="queries">The queries, one a row.</param>
    /// <param name="allowed">One bit an id; empty allows all.</param>
    /// <param name="wanted">How many for each, ≥ 0.</param>
    /// <param name="ids">Receives <paramref name="wanted"/> ids a query; −1 where there are no more.</param>
    /// <param name="scores">Receives their scores, as long, or empty.</param>
    /// <exception cref="Faults.TandemException">LRN032: a query holds something that is no number.</exception>
    /// <remarks>Scores of an exact index may differ from <see cref="Search(ReadOnlySpan{float}, ReadOnlySpan{ulong},
    /// Span{int}, Span{float})"/>'s in the last bits. Allocates work space.</remarks>
    public void SearchMany(
        Matrix queries, ReadOnlySpan<ulong> allowed, int wanted, Span<int> ids, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        NearestState state = _state;
        int allowedCount = IdBits.Count(allowed, state.IdCount);
        bool together = state.Changes is null && state.Source is null or ByteSource
            && Math.Min(wanted, allowedCount) > 0 && (allowed.IsEmpty || allowedCount > DirectShare * state.RowCount);
        Matrix prepared = new(queries.RowCount, Dimension);
        for (int i = 0; i < queries.RowCount; i++)
        {
            ThrowUnlessQuery(queries.Row(i));
            Prepare(queries.Row(i), prepared.Row(i));
        }

        ids = ids[..checked(wanted * queries.RowCount)];
        ids.Fill(-1);
        for (int first = 0; first < queries.RowCount; first += RowScan.QueriesAtOnce)
        {
            int count = Math.Min(RowScan.QueriesAtOnce, queries.RowCount - first);
            Span<int> some = ids.Slice(first * wanted, count * wanted);
            Span<float> points = scores.IsEmpty ? scores : scores.Slice(first * wanted, count * wanted);
            if (together)
            {
                SearchTogether(state, prepared, first, count, allowed, wanted, some, points);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                Search(
                    queries.Row(first + i), allowed, some.Slice(i * wanted, wanted),
                    points.IsEmpty ? points : points.Slice(i * wanted, wanted));
            }
        }
    }

    private void SearchTogether(
        NearestState state, Matrix queries, int first, int count, ReadOnlySpan<ulong> allowed, int wanted, Span<int> ids,
        Span<float> scores)
    {
        var best = new BestList[count];
        for (int i = 0; i < count; i++)
        {
            best[i] = new BestList();
            best[i].Reset(wanted);
        }

        if (state.Source is ByteSource)
        {
            ProposeTogether(state, queries, first, allowed, wanted, best);
        }
        else
        {
            RowScan.ScanMany(state.Built, queries, first, allowed, best, new RowScanScratch(Dimension));
        }

        for (int i = 0; i < count; i++)
        {
            best[i].Finish(
                ids.Slice(i * wanted, wanted), scores.IsEmpty ? scores : scores.Slice(i * wanted, wanted));
        }
    }

    private void ProposeTogether(
        NearestState state, Matrix queries, int first, ReadOnlySpan<ulong> allowed, int wanted, BestList[] best)
    {
        int room = CandidatesFor(Math.Min(wanted, state.RowCount));
        var fours = new FourQueries[(best.Length + FourQueries.Count - 1) / FourQueries.Count];
        var candidates = new BestList[fours.Length * FourQueries.Count];
        NearestScratch scratch = _scratch.Rent();
        for (int i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new BestList();
            candidates[i].Reset(i < best.Length ? room : 0);
            fours[i / FourQueries.Count] ??= new FourQueries(Dimension);
            if (i < best.Length)
            {
                state.Rotation.Multiply(queries.Row(first + i), scratch.Rotated);
                fours[i / FourQueries.Count].Set(i % FourQueries.Count, scratch.Rotated);
            }
        }

        ((ByteSource)state.Source!).ProposeMany(fours, candidates, allowed);
        for (int i = 0; i < best.Length; i++)
        {
            Rescore(state, candidates[i], scratch, queries.Row(first + i), default, best[i], room);
        }

        _scratch.Return(scratch);
        GC.KeepAlive(state);
    }
}
