using Tandem.Faults;

namespace Tandem.Registry.Tests;

public sealed class ModelRegistryAliasesTests : IAsyncLifetime, IDisposable
{
    private readonly TestStore _store = new();
    private readonly ModelRegistry _registry;

    public ModelRegistryAliasesTests()
    {
        _registry = new ModelRegistry(_store.Whole, new ManualClock());
    }

    public async Task InitializeAsync()
    {
        await _registry.PublishAsync(Drafts.Make("one"));
        await _registry.PublishAsync(Drafts.Make("two"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task SetAlias_Twice_KeepsWhoWhatWhenAndWhy()
    {
        AliasChange first = await _registry.SetAliasAsync("video", "champion", 1, "ana", "first model");
        AliasChange second = await _registry.SetAliasAsync("video", "champion", 2, "gate", "recall +0.02");

        List<AliasChange> history = await ListAsync("champion");

        Assert.Equal([second, first], history);
        Assert.Equal(
            (1, 1, null, "ana", "first model"), (first.Number, first.Version, first.Previous, first.By, first.Why));
        Assert.Equal((2, 2, 1), (second.Number, second.Version, second.Previous));
        Assert.True(second.Time > first.Time);
        Assert.Equal(second, await _registry.AliasAsync("video", "champion"));
    }

    [Fact]
    public async Task SetAlias_AfterAnotherCameSince_IsAConflictAndWritesNothing()
    {
        await _registry.SetAliasAsync("video", "champion", 1, "ana", "first", seen: 0);
        await _registry.SetAliasAsync("video", "champion", 2, "bob", "better", seen: 1);

        TandemException lost = await Assert.ThrowsAsync<TandemException>(
            () => _registry.SetAliasAsync("video", "champion", 1, "ana", "back", seen: 1));

        Assert.Equal("REG003", lost.Fault.Code);
        Assert.Equal(FaultKind.Conflict, lost.Fault.Kind);
        Assert.Contains("'bob'", lost.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await ListAsync("champion")).Count);
    }

    [Fact]
    public async Task SetAlias_ByManyWhoSawTheSame_LetsExactlyOneThrough()
    {
        Task<AliasChange>[] racers =
        [
            .. Enumerable.Range(0, 20).Select(n => Task.Run(
                () => _registry.SetAliasAsync("video", "champion", 1 + (n % 2), $"racer {n}", "race", seen: 0))),
        ];

        await Task.WhenAll(racers.Select(racer => racer.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(1, racers.Count(racer => racer.IsCompletedSuccessfully));
        Assert.Single(await ListAsync("champion"));
    }

    [Fact]
    public async Task SetAlias_ByManyWithoutCondition_WritesAllOneAfterAnother()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(
            () => _registry.SetAliasAsync("video", "champion", 1 + (n % 2), $"racer {n}", "race"))));

        List<AliasChange> history = await ListAsync("champion");

        Assert.Equal(20, history.Count);
        Assert.Equal(20, history.Select(change => change.By).Distinct(StringComparer.Ordinal).Count());
        for (int i = 0; i + 1 < history.Count; i++)
        {
            Assert.Equal(history[i + 1].Version, history[i].Previous);
        }
    }

    [Fact]
    public async Task SetAlias_ToMissingVersion_IsRefused()
    {
        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => _registry.SetAliasAsync("video", "champion", 3, "ana", "wish"));

        Assert.Equal("REG002", refused.Fault.Code);
        Assert.Null(await _registry.AliasAsync("video", "champion"));
    }

    [Fact]
    public async Task RemoveAlias_LeavesNoVersionButTheHistory()
    {
        await _registry.SetAliasAsync("video", "champion", 2, "ana", "good");

        await _registry.RemoveAliasAsync("video", "champion", "ana", "not so good");

        Assert.Null(await _registry.FindAsync("video", "champion"));
        Assert.Null((await _registry.AliasAsync("video", "champion"))!.Version);
        Assert.Equal(2, (await ListAsync("champion")).Count);
        Assert.Empty(await _registry.AliasesAsync("video"));
    }

    [Fact]
    public async Task Aliases_ListsEachWithItsVersion()
    {
        await _registry.SetAliasAsync("video", "shadow", 1, "ana", "watch");
        await _registry.SetAliasAsync("video", "champion", 1, "ana", "good");
        await _registry.SetAliasAsync("video", "champion", 2, "ana", "better");

        IReadOnlyDictionary<string, int> aliases = await _registry.AliasesAsync("video");

        Assert.Equal("champion=2 shadow=1", string.Join(' ', aliases.Select(alias => $"{alias.Key}={alias.Value}")));
    }

    private async Task<List<AliasChange>> ListAsync(string alias)
    {
        List<AliasChange> history = [];
        await foreach (AliasChange change in _registry.HistoryAsync("video", alias))
        {
            history.Add(change);
        }

        return history;
    }
}
