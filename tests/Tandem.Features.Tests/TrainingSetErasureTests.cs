using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;

namespace Tandem.Features.Tests;

public sealed class TrainingSetErasureTests
{
    [Fact]
    public async Task Run_OnSetsWithThePerson_LeavesTheOtherRowsUnderAnotherHash()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        TrainingSet held = await BuildAsync(lake, ["u1", "u2", "u1", "u3"]);
        TrainingSet free = await BuildAsync(lake, ["u2", "u3"]);
        ErasedPerson person = new(held.Spine.Entities[0], "u1");

        ErasedSet planned = Assert.Single(await TrainingSetErasure.RunAsync(lake.Store, person, isDryRun: true));
        ErasedSet erased = Assert.Single(await TrainingSetErasure.RunAsync(lake.Store, person, isDryRun: false));

        Assert.Equal(planned, erased);
        Assert.Equal((held.Hash, 2), (erased.Hash, erased.Rows));
        TrainingSet left = await TrainingSet.LoadAsync(lake.Store, erased.Successor);
        Assert.Equal(["u2", "u3"], left.Spine.Ids[0]);
        Assert.Equal([held.Spine.Times[1], held.Spine.Times[3]], left.Spine.Times);
        Assert.Equal([1f, 3f], left.Spine.Labels);
        Assert.Equal(held.Row(3).ToArray(), left.Row(1).ToArray());
        Assert.Equal(free.Hash, (await TrainingSet.LoadAsync(lake.Store, free.Hash)).Hash);
        Assert.Empty(await TrainingSetErasure.RunAsync(lake.Store, person, isDryRun: false));
    }

    [Fact]
    public async Task Load_OfAnErasedSet_SaysSoAndNamesTheLastSuccessor()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        TrainingSet held = await BuildAsync(lake, ["u1", "u2", "u3"]);
        string entity = held.Spine.Entities[0];
        await TrainingSetErasure.RunAsync(lake.Store, new ErasedPerson(entity, "u1"), isDryRun: false);
        ErasedSet second = Assert.Single(
            await TrainingSetErasure.RunAsync(lake.Store, new ErasedPerson(entity, "u2"), isDryRun: false));

        TandemException failure = await Assert.ThrowsAsync<TandemException>(
            () => TrainingSet.LoadAsync(lake.Store, held.Hash));

        Assert.Equal("FEA013", failure.Fault.Code);
        Assert.Contains(second.Successor, failure.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AfterAKillBeforeTheOldTableWasDeleted_DeletesIt()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        TrainingSet held = await BuildAsync(lake, ["u1", "u2"]);
        ErasedPerson person = new(held.Spine.Entities[0], "u1");
        await TrainingSetErasure.RunAsync(lake.Store, person, isDryRun: false);
        await held.SaveAsync(lake.Store);

        await TrainingSetErasure.RunAsync(lake.Store, person, isDryRun: false);

        string digits = held.Hash["sha256:".Length..];
        Assert.Null(await lake.Store.FindAsync($"sets/{digits}/table.bin"));
        Assert.Null(await lake.Store.FindAsync($"sets/{digits}/set.json"));
    }

    private static async Task<TrainingSet> BuildAsync(TestLake lake, string[] users)
    {
        var random = new SeededRandom(11);
        using LakeSnapshot snapshot = await lake.FillAsync(RandomHistory.Events(ref random, 50, isInKnownOrder: true));
        var features = FeatureSet.Create(TestSystem.Views);
        long start = LakeTime.ToMicros(RandomHistory.Start);
        Spine spine = new()
        {
            Entities = features.Entities,
            Ids = [.. features.Entities.Select((_, i) => i == 0 ? users : [.. users.Select(static _ => "i1")])],
            Times = [.. users.Select((_, row) => start + row)],
            Labels = [.. users.Select((_, row) => (float)row)],
        };
        TrainingSet set = await TrainingSetBuilder.BuildAsync(
            snapshot, spine, features, RandomHistory.Start.AddDays(1));
        await set.SaveAsync(lake.Store);
        return set;
    }
}
