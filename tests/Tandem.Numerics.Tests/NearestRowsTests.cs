namespace Tandem.Numerics.Tests;

public sealed class NearestRowsTests
{
    // Rows with many at one distance, far from zero, with a column that outweighs all others, and plain ones.
    public static TheoryData<ulong, int, int, string> Cases { get; } = new()
    {
        { 1, 300, 7, "plain" },
        { 2, 130, 2, "grid" },
        { 3, 200, 1, "grid" },
        { 4, 90, 5, "far" },
        { 5, 90, 40, "one" },
        { 6, 60, 3, "same" },
        { 7, 33, 4, "plain" },
        { 8, 40, 3, "huge" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Find_EqualsMeasuringAllInFloat64(ulong seed, int count, int columns, string how)
    {
        Matrix rows = Make(seed, count, columns, how);
        int[] queries = [.. Enumerable.Range(0, count).Where(static row => row % 3 != 1)];
        foreach (int wanted in new[] { 1, 5, count - 1 })
        {
            int[] expected = [.. queries.SelectMany(query => BruteForce(rows, query, wanted))];

            int[] one = NearestRows.Find(rows, queries, wanted, threadCount: 1);
            int[] two = NearestRows.Find(rows, queries, wanted, threadCount: 2);

            Assert.True(expected.SequenceEqual(one), $"seed {seed}, {how}, {wanted} wanted");
            Assert.Equal(one, two);
        }
    }

    [Fact]
    public void Find_OfMoreThanThereAre_IsRefused()
    {
        Matrix rows = new(3, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => NearestRows.Find(rows, new[] { 0 }, 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NearestRows.Find(rows, new[] { 0 }, 0, 1));
        Assert.Equal([1, 2], NearestRows.Find(rows, new[] { 0 }, 2, 1));
    }

    private static IEnumerable<int> BruteForce(Matrix rows, int query, int wanted) =>
        Enumerable.Range(0, rows.RowCount).Where(row => row != query)
            .OrderBy(row =>
            {
                double sum = 0;
                for (int i = 0; i < rows.ColumnCount; i++)
                {
                    double difference = (double)rows.Row(query)[i] - rows.Row(row)[i];
                    sum += difference * difference;
                }

                return sum;
            })
            .ThenBy(static row => row)
            .Take(wanted);

    private static Matrix Make(ulong seed, int count, int columns, string how)
    {
        SeededRandom random = new(seed);
        Matrix rows = new(count, columns);
        for (int i = 0; i < rows.Values.Length; i++)
        {
            float plain = (float)random.NextGaussian();
            rows.Values[i] = how switch
            {
                "grid" => MathF.Round(plain * 2),
                "far" => 1e6f + plain,
                "one" => i % columns == 0 ? plain * 1e5f : plain,
                "same" => 3,
                "huge" => plain * 1e25f,
                _ => plain,
            };
        }

        return rows;
    }
}
