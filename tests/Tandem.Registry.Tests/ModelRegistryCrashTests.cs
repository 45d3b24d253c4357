namespace Tandem.Registry.Tests;

/// <summary>The process dies at every call to the store in turn, before and after the call takes effect; whoever opens
/// the registry afterwards sees the state before or the state after, whole.</summary>
public sealed class ModelRegistryCrashTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_ThatDiesAtAnyCall_LeavesOldOrNewState(bool takesEffect)
    {
        int calls = await ForEveryCallAsync(
            OneChampionAsync,
            takesEffect,
            registry => registry.PublishAsync(Drafts.Make("two", parent: 1)),
            async registry =>
            {
                ModelVersion latest = (await registry.FindAsync("video", "latest"))!;
                Assert.InRange(latest.Number, 1, 2);
                foreach (ModelArtifact artifact in latest.Artifacts)
                {
                    await using Stream whole = await registry.OpenArtifactAsync(latest, artifact.Name);
                }

                ModelVersion next = await registry.PublishAsync(Drafts.Make("three"));
                Assert.Equal(latest.Number + 1, next.Number);
            });

        Assert.True(calls >= 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SetAlias_ThatDiesAtAnyCall_LeavesOldOrNewChampion(bool takesEffect)
    {
        int calls = await ForEveryCallAsync(
            async registry =>
            {
                await OneChampionAsync(registry);
                await registry.PublishAsync(Drafts.Make("two"));
            },
            takesEffect,
            registry => registry.SetAliasAsync("video", "champion", 2, "gate", "better"),
            async registry =>
            {
                AliasChange champion = (await registry.AliasAsync("video", "champion"))!;
                Assert.Equal(champion.Number, champion.Version);
                Assert.NotNull(await registry.FindAsync("video", "champion"));

                AliasChange back = await registry.SetAliasAsync("video", "champion", 1, "ana", "back");
                Assert.Equal(champion.Version, back.Previous);
            });

        Assert.True(calls >= 4);
    }

    private static async Task OneChampionAsync(ModelRegistry registry)
    {
        await registry.PublishAsync(Drafts.Make("one"));
        await registry.SetAliasAsync("video", "champion", 1, "ana", "first");
    }

    private static async Task<int> ForEveryCallAsync(
        Func<ModelRegistry, Task> prepare,
        bool takesEffect,
        Func<ModelRegistry, Task> action,
        Func<ModelRegistry, Task> check)
    {
        for (int call = 1; ; call++)
        {
            using TestStore store = new();
            await prepare(new ModelRegistry(store.Whole, new ManualClock()));
            DyingStore dying = new(store.Whole, call, takesEffect);
            Exception? death = await Record.ExceptionAsync(() => action(new ModelRegistry(dying, new ManualClock())));
            if (death is null)
            {
                return dying.Calls;
            }

            Assert.IsType<IOException>(death);
            await check(new ModelRegistry(store.Whole, new ManualClock()));
        }
    }
}
