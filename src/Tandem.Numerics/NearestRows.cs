namespace Tandem.Numerics;

/// <summary>Finds the nearest rows of a matrix to some of its rows, by Euclidean distance.</summary>
/// <remarks>Exact: rows are passed over by matrix products in float32, and what these leave is measured in float64. With the
/// mean of the columns taken off, ‖q − x‖² is least where q·x − ‖x‖²/2 is largest; where the error that float32 can make of that
/// leaves doubt, the row is searched again without it. The same answer for any thread count.</remarks>
public static class NearestRows
{
    /// <summary>Rows kept beyond those wanted, so that the last of them is plainly worse.</summary>
    private const int Slack = 10;

    /// <summary>Finds them.</summary>
    /// <param name="rows">The rows, finite.</param>
    /// <param name="queries">Numbers of the rows whose nearest are sought; no row is its own.</param>
    /// <param name="count">How many are wanted, at least 1 and fewer than there are rows.</param>
    /// <param name="threadCount">Threads to use, at least 1.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <returns>Row numbers, shape (queries, count): nearest first, those at one distance by the lowest number.</returns>
    public static int[] Find(
        Matrix rows, ReadOnlyMemory<int> queries, int count, int threadCount,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(count, rows.RowCount);
        Matrix scored = Centred(rows, out double largest);
        int[] found = new int[(long)queries.Length * count];
        ParallelChunks.Run(
            queries.Length, RowScan.QueriesAtOnce, threadCount, () => new Search(rows, scored, largest, count),
            (search, _, start, end) => search.Run(
                queries.Span[start..end], found.AsSpan(start * count, (end - start) * count)),
            cancellationToken);
        return found;
    }

    /// <summary>The rows without their mean, −‖x‖²/2 behind each.</summary>
    private static Matrix Centred(Matrix rows, out double largest)
    {
        int columns = rows.ColumnCount;
        double[] means = new double[columns];
        for (int row = 0; row < rows.RowCount; row++)
        {
            ReadOnlySpan<float> values = rows.Row(row);
            for (int i = 0; i < columns; i++)
            {
                means[i] += values[i];
            }
        }

        Matrix scored = new(rows.RowCount, columns + 1);
        largest = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            ReadOnlySpan<float> from = rows.Row(row);
            Span<float> to = scored.Row(row);
            double squares = 0;
            for (int i = 0; i < columns; i++)
            {
                to[i] = (float)(from[i] - (means[i] / rows.RowCount));
                squares += (double)to[i] * to[i];
            }

            to[columns] = (float)(-squares / 2);
            largest = Math.Max(largest, squares);
        }

        largest = Math.Sqrt(largest);
        return scored;
    }

    /// <summary>What one worker needs.</summary>
    private sealed class Search
    {
        private readonly Matrix _rows;
        private readonly Matrix _scored;
        private readonly double _largest;
        private readonly int _count;
        private readonly Matrix _queries;
        private readonly RowScanScratch _scratch;
        private readonly BestList[] _best = new BestList[RowScan.QueriesAtOnce];
        private readonly int[] _ids;
        private readonly float[] _scores;
        private readonly double[] _distances;
        private readonly float[] _all;

        public Search(Matrix rows, Matrix scored, double largest, int count)
        {
            _rows = rows;
            _scored = scored;
            _largest = largest;
            _count = count;
            _queries = new Matrix(RowScan.QueriesAtOnce, scored.ColumnCount);
            _scratch = new RowScanScratch(scored.ColumnCount);
            int kept = count + 1 + Slack;
            _ids = new int[kept];
            _scores = new float[kept];
            _distances = new double[count];
            _all = new float[rows.RowCount];
            for (int i = 0; i < _best.Length; i++)
            {
                _best[i] = new BestList();
            }
        }

        public void Run(ReadOnlySpan<int> queries, Span<int> found)
        {
            for (int i = 0; i < queries.Length; i++)
            {
                _scored.Row(queries[i]).CopyTo(_queries.Row(i));
                _queries.Row(i)[^1] = 1;
                _best[i].Reset(_ids.Length);
            }

            RowScan.ScanMany(_scored, _queries, 0, [], _best.AsSpan(0, queries.Length), _scratch);
            for (int i = 0; i < queries.Length; i++)
            {
                Finish(queries[i], _queries.Row(i), _best[i], found.Slice(i * _count, _count));
            }
        }

        private void Finish(int query, ReadOnlySpan<float> scoredQuery, BestList best, Span<int> found)
        {
            int kept = best.Finish(_ids, _scores);
            int held = 0;
            foreach (int id in _ids.AsSpan(0, kept))
            {
                held = Offer(query, id, found, held);
            }

            // What was passed over scored no better than the last one kept. Where scores overflow, few are kept, or none.
            double norm = Math.Sqrt(-2.0 * _scored.Row(query)[^1]);
            double least = held < _count ? double.NaN : ScoreAt(_distances[_count - 1], norm);
            double doubt = Doubt(norm);
            if (kept < _rows.RowCount && (held < _count || !(least > _scores[kept - 1] + doubt)))
            {
                SearchAll(query, scoredQuery, least - doubt, found);
            }
        }

        /// <summary>Measures every row that float32 does not rule out: all of them where its numbers overflow.</summary>
        private void SearchAll(int query, ReadOnlySpan<float> scoredQuery, double least, Span<int> found)
        {
            _scored.Multiply(scoredQuery, _all);
            int held = 0;
            for (int row = 0; row < _all.Length; row++)
            {
                if (!(_all[row] < least))
                {
                    held = Offer(query, row, found, held);
                    if (held == _count && _distances[^1] == 0)
                    {
                        return;
                    }
                }
            }
        }

        /// <summary>Puts a row in its place among the nearest so far.</summary>
        private int Offer(int query, int id, Span<int> found, int held)
        {
            if (id == query)
            {
                return held;
            }

            double distance = Kernel.SquaredDistance(_rows.Row(query), _rows.Row(id));
            int place = held;
            while (place > 0 && (distance < _distances[place - 1]
                || (distance == _distances[place - 1] && id < found[place - 1])))
            {
                place--;
            }

            if (place == _count)
            {
                return held;
            }

            int end = Math.Min(held + 1, _count);
            for (int i = end - 1; i > place; i--)
            {
                _distances[i] = _distances[i - 1];
                found[i] = found[i - 1];
            }

            _distances[place] = distance;
            found[place] = id;
            return end;
        }

        // ‖q − x‖² = ‖q‖² − 2·(q·x − ‖x‖²/2).
        private static double ScoreAt(double distance, double norm) => ((norm * norm) - distance) / 2;

        /// <summary>More than the error of a score: that of a sum of products, of taking the mean off, and of the
        /// norms.</summary>
        private double Doubt(double norm)
        {
            double reach = norm + _largest;
            return (_scored.ColumnCount + 8) * Math.ScaleB(reach * reach, -23);
        }
    }
}
