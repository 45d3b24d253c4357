using Tandem.Numerics;

namespace Tandem.Learning.Tests;

public sealed class RowFoldsTests
{
    [Fact]
    public void Stratified_OfAnyClasses_IsCompleteAndEvenWithinOneRow() => ForSeeds(static (random, seed) =>
    {
        float[] classes = [.. Enumerable.Range(0, 20 + random.NextInt(80)).Select(_ => (float)random.NextInt(4))];
        int folds = 2 + random.NextInt(5);

        IReadOnlyList<RowFold> found = RowFolds.Stratified(classes, folds, seed);

        AssertComplete(found, classes.Length);
        Assert.InRange(found.Max(static fold => fold.Test.Length) - found.Min(static fold => fold.Test.Length), 0, 1);
        foreach (float each in classes.Distinct())
        {
            int[] counts = [.. found.Select(fold => fold.Test.Count(row => classes[row] == each))];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    });

    [Fact]
    public void Random_OfAnyShare_DrawsThatOfEachClassAnew() => ForSeeds(static (random, seed) =>
    {
        float[] classes = [.. Enumerable.Range(0, 200).Select(_ => random.NextInt(10) == 0 ? 1f : 0f)];
        double share = 0.1 + (0.8 * random.NextDouble());

        IReadOnlyList<RowFold> found = RowFolds.Random(classes, share, 3, seed);

        Assert.NotEqual(found[0].Test, found[1].Test);
        Assert.Equal(found[2].Test, RowFolds.Random(classes, share, 3, seed)[2].Test);
        foreach (RowFold fold in found)
        {
            AssertDisjoint(fold, classes.Length, isWhole: true);
            foreach (float each in classes.Distinct())
            {
                Assert.InRange(
                    fold.Test.Count(row => classes[row] == each) - (share * classes.Count(other => other == each)), -1, 1);
            }
        }
    });

    [Fact]
    public void Grouped_OfAnyGroups_KeepsThemWhole() => ForSeeds(static (random, seed) =>
    {
        int[] groups = [.. Enumerable.Range(0, 150).Select(_ => 1000 - random.NextInt(20))];

        IReadOnlyList<RowFold> folds = RowFolds.Grouped(groups, 4, seed);
        IReadOnlyList<RowFold> draws = RowFolds.RandomGroups(groups, 0.3, 2, seed);

        AssertComplete(folds, groups.Length);
        Assert.All(folds.Concat(draws), fold =>
        {
            AssertDisjoint(fold, groups.Length, isWhole: true);
            Assert.Empty(fold.Test.Select(row => groups[row]).Intersect(fold.Train.Select(row => groups[row])));
        });
        int largest = groups.GroupBy(static group => group).Max(static rows => rows.Count());
        Assert.InRange(folds.Max(static fold => fold.Test.Length) - folds.Min(static fold => fold.Test.Length), 0, largest);
    });

    [Fact]
    public void ByTime_OfAnyMoments_ShowsNoFuture() => ForSeeds(static (random, _) =>
    {
        long[] times = [.. Enumerable.Range(0, 120).Select(_ => (long)random.NextInt(40))];
        long gap = random.NextInt(5);

        IReadOnlyList<RowFold> found = RowFolds.ByTime(times, 0.4, 3, gap);

        Assert.Equal(found.Sum(static fold => fold.Test.Length), found.SelectMany(static fold => fold.Test).Distinct().Count());
        Assert.InRange(found.Sum(static fold => fold.Test.Length), 48, 120);
        foreach (RowFold fold in found)
        {
            AssertDisjoint(fold, times.Length, isWhole: false);
            long start = fold.Test.Min(row => times[row]);
            Assert.All(fold.Train, row => Assert.True(times[row] + gap < start));
            Assert.Equal(times.Count(time => time < start - gap), fold.Train.Length);
        }
    });

    private static void ForSeeds(Action<SeededRandom, ulong> check)
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            try
            {
                check(new SeededRandom(seed), seed);
            }
            catch (Exception failed)
            {
                throw new InvalidOperationException($"Seed {seed}: {failed.Message}", failed);
            }
        }
    }

    private static void AssertComplete(IReadOnlyList<RowFold> folds, int count)
    {
        Assert.Equal(Enumerable.Range(0, count), folds.SelectMany(static fold => fold.Test).Order());
        Assert.All(folds, fold => AssertDisjoint(fold, count, isWhole: true));
    }

    private static void AssertDisjoint(RowFold fold, int count, bool isWhole)
    {
        Assert.Empty(fold.Train.Intersect(fold.Test));
        Assert.Equal(fold.Train.Order(), fold.Train);
        Assert.Equal(fold.Test.Order(), fold.Test);
        Assert.InRange(fold.Train.Length + fold.Test.Length, isWhole ? count : 1, count);
    }
}
