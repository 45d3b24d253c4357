using Tandem.Lake;

namespace Tandem.Training.Tests;

public sealed class LabelledSetTests
{
    private static readonly DateTimeOffset Noon = ShownSystem.Noon;

    [Fact]
    public async Task BuildAsync_LeavesOutImpressionsWhoseLabelMayStillCome()
    {
        await using ShownSystem system = new();
        system.Show("r1", "u1", "a", Noon.AddMinutes(-61));
        system.Show("r2", "u2", "a", Noon.AddMinutes(-60));
        system.Show("r3", "u3", "a", Noon.AddMinutes(-10));
        using LakeSnapshot snapshot = await system.RecordAsync();

        LabelledSet set = (await system.BuildAsync(snapshot, Noon, asOf: Noon))!;

        // The window's last moment belongs to it: an impression of exactly an hour ago may still be answered now.
        Assert.Equal(["u1"], set.Set.Spine.Ids[0]);
        Assert.Equal(2, set.Immature);
    }

    [Fact]
    public async Task BuildAsync_OfALabelThatWasKnownLate_ChangesWithTheAsOfMoment()
    {
        await using ShownSystem system = new();
        system.Show("r1", "u1", "a", Noon.AddHours(-2));
        system.Play("r1", "u1", "a", Noon.AddMinutes(-90), known: Noon.AddHours(5));
        using LakeSnapshot snapshot = await system.RecordAsync();

        LabelledSet before = (await system.BuildAsync(snapshot, Noon, asOf: Noon))!;
        LabelledSet after = (await system.BuildAsync(snapshot, Noon, asOf: Noon.AddHours(5)))!;

        Assert.Equal([0f], before.Set.Spine.Labels);
        Assert.Equal([1f], after.Set.Spine.Labels);
        Assert.Equal([LakeTime.ToMicros(Noon.AddMinutes(-90))], after.LabelTimes);
        Assert.NotEqual(before.Set.Hash, after.Set.Hash, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(60, 1)]
    [InlineData(61, 0)]
    [InlineData(-1, 0)]
    public async Task BuildAsync_TakesEventsFromTheImpressionToTheEndOfTheWindow(int minutes, float label)
    {
        await using ShownSystem system = new();
        system.Show("r1", "u1", "a", Noon.AddHours(-2));
        system.Play("r1", "u1", "a", Noon.AddHours(-2).AddMinutes(minutes));
        using LakeSnapshot snapshot = await system.RecordAsync();

        LabelledSet set = (await system.BuildAsync(snapshot, Noon, asOf: Noon))!;

        Assert.Equal([label], set.Set.Spine.Labels);
    }

    [Fact]
    public async Task BuildAsync_OfSeveralEventsForOneImpression_TakesTheFirstThatCounts()
    {
        await using ShownSystem system = new();
        system.Show("r1", "u1", "a", Noon.AddHours(-2));
        system.Play("r1", "u1", "a", Noon.AddMinutes(-118), fraction: 0.1);
        system.Play("r1", "u1", "a", Noon.AddMinutes(-115));
        system.Play("r1", "u1", "a", Noon.AddMinutes(-117));
        system.Play("other", "u1", "a", Noon.AddMinutes(-119));
        using LakeSnapshot snapshot = await system.RecordAsync();

        LabelledSet set = (await system.BuildAsync(snapshot, Noon, asOf: Noon))!;

        Assert.Equal([1f], set.Set.Spine.Labels);
        Assert.Equal([LakeTime.ToMicros(Noon.AddMinutes(-117))], set.LabelTimes);
    }

    [Fact]
    public async Task BuildAsync_OfSeveralImpressionsForOneEvent_GivesItToTheNewestBeforeIt()
    {
        await using ShownSystem system = new();
        system.Show("r1", "u1", "a", Noon.AddMinutes(-150));
        system.Show("r1", "u1", "a", Noon.AddMinutes(-140));
        system.Show("r1", "u1", "a", Noon.AddMinutes(-130));
        system.Play("r1", "u1", "a", Noon.AddMinutes(-135));
        using LakeSnapshot snapshot = await system.RecordAsync();

        LabelledSet set = (await system.BuildAsync(snapshot, Noon, asOf: Noon))!;

        Assert.Equal([0f, 1f, 0f], set.Set.Spine.Labels);
    }

    [Fact]
    public async Task BuildAsync_OfAWindowWithoutMatureImpressions_GivesNone()
    {
        await using ShownSystem system = new();
        system.Show("r1", "u1", "a", Noon.AddMinutes(-1));
        using LakeSnapshot snapshot = await system.RecordAsync();

        Assert.Null(await system.BuildAsync(snapshot, Noon, asOf: Noon));
    }

    [Fact]
    public async Task BuildAsync_WritesFeaturesAsOfTheImpression_NotOfTheLabel()
    {
        await using ShownSystem system = new();
        system.Play(null, "u1", "b", Noon.AddHours(-4));
        system.Show("r1", "u1", "a", Noon.AddHours(-2));
        system.Play("r1", "u1", "a", Noon.AddMinutes(-110));
        using LakeSnapshot snapshot = await system.RecordAsync();

        LabelledSet set = (await system.BuildAsync(snapshot, Noon, asOf: Noon))!;

        Assert.Equal(1, set.Set.Row(0)[set.Set.IndexOf("user_play:plays")]);
    }
}
