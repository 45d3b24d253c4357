using System.Diagnostics;
using Tandem.Numerics;
using Tandem.Registry;

namespace Tandem.Acceptance;

/// <summary>The program killed at any moment of its work: nothing is lost, nothing doubled, the champion whole.</summary>
public sealed class CrashTests
{
    private const ulong Seed = 20260111;
    private const int KillCount = 20;
    private const int MostRuns = 10 * KillCount;

    // A process spends its first moments starting; kills begin in there, and reach to behind the usual end.
    private const double EarliestShare = 0.2;
    private const double LatestShare = 1.05;

    [Fact]
    public async Task Train_KilledTwentyTimes_LosesNothingAndTrainsAgain()
    {
        using Shop shop = new(users: 200, epochs: 60);
        (await shop.RunAsync("import")).Expect(0);
        List<string> log = await shop.LogAsync();
        var watch = Stopwatch.StartNew();
        (await shop.RunAsync("train")).Expect(0);
        TimeSpan whole = watch.Elapsed;
        SeededRandom random = new(Seed);

        for ((int kills, int runs) = (0, 1); kills < KillCount; runs++)
        {
            bool isAtWork = await CommandLine.KillAsync(shop.Path, whole * Share(ref random), "train");
            kills += isAtWork ? 1 : 0;

            // The first run may have been slow, or fast; one that ended before its kill proves nothing.
            whole *= isAtWork ? 1.02 : 0.8;
            ModelVersion? champion = await shop.ChampionAsync();
            Assert.True(champion is not null, $"No champion after run {runs}, seed {Seed}");
            Assert.True(runs < MostRuns, $"Only {kills} of {runs} kills met a process at work.");
        }

        Assert.Equal(shop.Rows, log.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(log, await shop.LogAsync());
        AssertSame(log, await shop.LakeAsync());
        CommandResult last = await shop.RunAsync("train", "--json");
        Assert.True(last.Code is 0 or 1, last.Error);
        Assert.NotNull(await shop.ChampionAsync());
    }

    [Theory]
    [InlineData("purchases.csv")]
    [InlineData("purchases.csv.zst")]
    public async Task Import_KilledTenTimes_LosesNothingAndDoublesNothing(string file)
    {
        using Shop shop = new(users: 1000, file: file);
        using Shop calm = new(users: 1000);
        var watch = Stopwatch.StartNew();
        (await calm.RunAsync("import")).Expect(0);
        TimeSpan whole = watch.Elapsed;
        SeededRandom random = new(Seed, stream: 1);

        for (int kills = 0; kills < KillCount / 2;)
        {
            bool isAtWork = await CommandLine.KillAsync(shop.Path, whole * Share(ref random), "import");
            kills += isAtWork ? 1 : 0;

            // The first run may have been slow; one that ended before its kill proves nothing.
            whole *= isAtWork ? 1 : 0.8;
        }

        (await shop.RunAsync("import")).Expect(0);
        (await shop.RunAsync("train")).Expect(0);
        List<string> lake = await shop.LakeAsync();
        Assert.Equal(shop.Rows, lake.Count);
        AssertSame(await calm.LakeAsync(), lake);
        Assert.Equal(lake.ToHashSet(StringComparer.Ordinal), [.. await shop.LogAsync()]);
    }

    private static double Share(ref SeededRandom random) =>
        EarliestShare + ((LatestShare - EarliestShare) * random.NextDouble());

    private static void AssertSame(List<string> expected, List<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
}
