namespace Tandem.Numerics.Tests;

public sealed class RowScanTests
{
    [Fact]
    public void Scan_And_ScanMany_AgreeWithSortingInFloat64()
    {
        for (int columns = 1; columns <= 70; columns++)
        {
            SeededRandom random = new((ulong)columns);
            int count = random.NextInt(600);
            Matrix rows = new(count, columns, KernelTests.Draw(count * columns, (ulong)columns));
            Matrix queries = new(40, columns, KernelTests.Draw(40 * columns, 5));
            ulong[] allowed = columns % 3 == 0 ? Half(count) : [];
            BestList[] best = [.. Enumerable.Range(0, 32).Select(_ => Fresh(12))];
            BestList one = Fresh(12);

            RowScan.ScanMany(rows, queries, 8, allowed, best, new RowScanScratch(columns));
            RowScan.Scan(rows, 0, count, queries.Row(8 + 31), new RowFilter(allowed), one);

            CheckAgainstTwin(rows, queries.Row(8), allowed, best[0]);
            CheckAgainstTwin(rows, queries.Row(8 + 31), allowed, best[31]);
            CheckAgainstTwin(rows, queries.Row(8 + 31), allowed, one);
        }
    }

    /// <summary>Where a share of the rows is looked at first, what is kept stays the same, whatever else is in the
    /// lists' way.</summary>
    [Fact]
    public void ScanMany_OfManyRows_KeepsWhatSortingKeeps()
    {
        foreach (int wanted in (int[])[1, 12, 32, 33])
        {
            // Whole numbers: products are exact, and many are equal.
            float[] values = [.. KernelTests.Draw(5000 * 3, 9).Select(static value => MathF.Round(4 * value))];
            Matrix rows = new(5000, 3, values);
            Matrix queries = new(32, 3, [.. KernelTests.Draw(32 * 3, 8).Select(static value => MathF.Round(4 * value))]);
            ulong[] allowed = wanted == 12 ? Half(5000) : [];
            BestList[] best = [.. Enumerable.Range(0, 32).Select(query => Fresh(query == 3 ? 1 : wanted))];

            RowScan.ScanMany(rows, queries, 0, allowed, best, new RowScanScratch(3));

            for (int query = 0; query < 32; query++)
            {
                float[] own = queries.Row(query).ToArray();
                int[] expected =
                [
                    .. Enumerable.Range(0, 5000).Where(row => IdBits.Has(allowed, row))
                        .OrderByDescending(row => Kernel.Dot(rows.Row(row), own)).ThenBy(static row => row)
                        .Take(query == 3 ? 1 : wanted),
                ];
                Assert.Equal(expected, Ids(best[query], wanted));
            }
        }
    }

    /// <summary>Infinite scores set no limit: of equal ones the lowest rows are kept.</summary>
    [Fact]
    public void ScanMany_WhereScoresOverflow_KeepsTheLowestOfThem()
    {
        Matrix rows = new(5000, 1);
        for (int row = 0; row < 5000; row++)
        {
            rows.Row(row)[0] = row % 2 == 0 ? 3e38f : row;
        }

        BestList best = Fresh(3);

        RowScan.ScanMany(rows, new Matrix(1, 1, [2]), 0, [], [best], new RowScanScratch(1));

        Assert.Equal([0, 2, 4], Ids(best, 3));
    }

    [Fact]
    public void ScanSome_IsScan()
    {
        Matrix rows = new(500, 17, KernelTests.Draw(500 * 17, 3));
        float[] query = KernelTests.Draw(17, 4);
        ulong[] allowed = Half(500);
        BestList expected = Fresh(300);
        BestList found = Fresh(300);

        RowScan.Scan(rows, 0, 500, query, new RowFilter(allowed), expected);
        RowScan.ScanSome(rows, query, [.. Enumerable.Range(0, 250).Select(static i => 2 * i)], default, found);

        Assert.Equal(Ids(expected, 300), Ids(found, 300));
    }

    /// <summary>Row 1 gave way to row 4 in version 3; row 2 is filtered; equal rows go by their ids.</summary>
    [Theory]
    [InlineData(2, 4, "2,7,0")]
    [InlineData(3, 5, "2,7,0")]
    [InlineData(8, 5, "2,7,0")]
    [InlineData(9, 5, "")]
    public void Scan_RowsThatChange_AreFoundByIdWhileTheyLast(int version, int count, string expected)
    {
        Matrix rows = new(5, 1, [1, 5, 5, 5, 3]);
        int[] ids = [0, 7, 3, 2, 7];
        uint[] ends = [9, 3, 9, 9, 9];
        RowFilter filter = new([0b1111_0111], ids.AsSpan(0, count), ends.AsSpan(0, count), (uint)version);
        BestList best = Fresh(3);

        RowScan.Scan(rows, 0, 5, [1], filter, best);

        Assert.Equal(expected, string.Join(',', Ids(best, 3)));
    }

    [Fact]
    public void Scan_EqualRows_TieToTheLowest()
    {
        Matrix rows = new(1000, 5);
        rows.Values.AsSpan().Fill(1);
        BestList one = Fresh(7);
        BestList many = Fresh(7);

        RowScan.Scan(rows, 0, 1000, [1, 2, 3, 4, 5], default, one);
        RowScan.ScanMany(rows, new Matrix(1, 5, [1, 2, 3, 4, 5]), 0, [], [many], new RowScanScratch(5));

        Assert.Equal(Enumerable.Range(0, 7), Ids(one, 7));
        Assert.Equal(Enumerable.Range(0, 7), Ids(many, 7));
    }

    private static ulong[] Half(int count)
    {
        ulong[] bits = new ulong[IdBits.WordsOf(Math.Max(1, count))];
        for (int i = 0; i < count; i += 2)
        {
            IdBits.Add(bits, i);
        }

        return bits;
    }

    private static BestList Fresh(int wanted)
    {
        BestList best = new();
        best.Reset(wanted);
        return best;
    }

    private static int[] Ids(BestList best, int room)
    {
        int[] ids = new int[room];
        return ids[..best.Finish(ids, [])];
    }

    private static void CheckAgainstTwin(Matrix rows, ReadOnlySpan<float> query, ulong[] allowed, BestList best)
    {
        double[] products = new double[rows.RowCount];
        for (int row = 0; row < rows.RowCount; row++)
        {
            for (int i = 0; i < query.Length; i++)
            {
                products[row] += (double)rows.Row(row)[i] * query[i];
            }
        }

        int[] expected = [.. Enumerable.Range(0, rows.RowCount).Where(row => IdBits.Has(allowed, row))
            .OrderByDescending(row => products[row]).ThenBy(row => row).Take(12)];
        int[] found = Ids(best, 12);
        Assert.Equal(expected.Length, found.Length);

        // Rows whose products differ by less than rounding may change places: 70 roundings of numbers of a few units.
        Assert.All(expected.Zip(found), pair => Assert.Equal(products[pair.First], products[pair.Second], 1e-4));
    }
}
