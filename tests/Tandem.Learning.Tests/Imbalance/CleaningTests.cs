using Tandem.Learning.Imbalance;

namespace Tandem.Learning.Tests.Imbalance;

/// <summary>Against imbalanced-learn 0.10.0 on its test rows, the rarer class as positives; and against all
/// distances.</summary>
public sealed class CleaningTests
{
    private static readonly LabelledRows Rows = RareRows.From(
    [
        [0.31230513f, 0.1216318f], [0.68481731f, 0.51935141f], [1.34192108f, -0.13367336f],
        [0.62366841f, -0.21312976f], [1.61091956f, -0.40283504f], [-0.37162401f, -2.19400981f],
        [0.74680821f, 1.63827342f], [0.2184254f, 0.24299982f], [0.61472253f, -0.82309052f],
        [0.19893132f, -0.47761769f], [1.06514042f, -0.0770537f], [0.97407872f, 0.44454207f],
        [1.40301027f, -0.83648734f], [-1.20515198f, -1.02689695f], [-0.27410027f, -0.54194484f],
        [0.8381014f, 0.44085498f], [-0.23374509f, 0.18370049f], [-0.32635887f, -0.29299653f],
        [-0.00288378f, 0.84259929f], [1.79580611f, -0.02219234f],
    ],
    0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1);

    [Theory]
    [InlineData("tomek_links", 0, new[] { 10, 14, 15 })]
    [InlineData("edited_neighbours", 0, new[] { 0, 1, 8, 9, 10, 13, 14, 15, 16 })]
    [InlineData("edited_neighbours", 1, new[] { 8, 10 })]
    public void Drops_WhatImbalancedLearnDrops(string method, int mostPositives, int[] dropped)
    {
        (string, double)[] values = method == "tomek_links" ? [] : [(Cleaning.MostPositives, mostPositives)];

        LabelledRows left = RareRows.Apply(Rows, method, 1, seed: 1, values).Rows;

        int[] kept = [.. Enumerable.Range(0, Rows.Count).Except(dropped)];
        Assert.Equal(Rows.Take(kept).Dense, left.Dense);
        Assert.Equal(Rows.Take(kept).Labels, left.Labels);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 7, 2)]
    public void Drops_WhatAllDistancesSay(ulong seed, int neighbours, int mostPositives)
    {
        LabelledRows rows = RareRows.Make(seed, count: 200);
        for (int i = 0; i < rows.Dense.Length; i++)
        {
            // On a grid many rows are equally near.
            rows.Dense[i] = MathF.Round(rows.Dense[i] * 2);
        }

        int[] tomek = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] > 0 || !IsLinked(row))];
        int[] edited =
        [
            .. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] > 0
                || Nearest(row).Take(neighbours).Count(near => rows.Labels[near] > 0) <= mostPositives),
        ];

        Assert.InRange(tomek.Length, 1, rows.Count - 1);
        Assert.InRange(edited.Length, 1, rows.Count - 1);
        Assert.Equal(rows.Take(tomek).Dense, RareRows.Apply(rows, "tomek_links", 2, seed).Rows.Dense);
        Assert.Equal(rows.Take(edited).Dense, RareRows.Apply(
            rows, "edited_neighbours", 2, seed, ("neighbours", neighbours), (Cleaning.MostPositives, mostPositives)).Rows.Dense);

        bool IsLinked(int negative)
        {
            int near = Nearest(negative).First();
            return rows.Labels[near] > 0 && Nearest(near).First() == negative;
        }

        IEnumerable<int> Nearest(int query) => Enumerable.Range(0, rows.Count).Where(row => row != query)
            .OrderBy(row => Enumerable.Range(0, rows.DenseCount).Sum(column =>
            {
                double difference = (double)rows.Dense[(row * rows.DenseCount) + column]
                    - rows.Dense[(query * rows.DenseCount) + column];
                return difference * difference;
            }))
            .ThenBy(static row => row);
    }
}
