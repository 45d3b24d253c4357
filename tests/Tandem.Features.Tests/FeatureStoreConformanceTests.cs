using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class FeatureStoreConformanceTests(ITestOutputHelper output) : OnlineStoreConformance(output)
{
    [Theory]
    [InlineData(41, 1500, 30)]
    [InlineData(42, 10_000, 12)]
    public Task Events_InOrder_EqualPlainLoopsBitForBit(ulong seed, int count, int questions) =>
        EventsThatArriveInOrderAsync(seed, count, questions);

    [Theory]
    [InlineData(43, 1500, 15)]
    public Task Events_InAnyOrder_EqualPlainLoopsBitForBit(ulong seed, int count, int questions) =>
        EventsThatArriveInAnyOrderAsync(seed, count, questions);

    [Theory]
    [InlineData(44, 3000, 30)]
    public Task Pairs_WhosePartsChange_EqualPlainLoopsBitForBit(ulong seed, int count, int questions) =>
        PairsWhosePartsChangeAsync(seed, count, questions);

    protected override Task<IOnlineStore> OpenAsync(IReadOnlyList<FeatureView> views) =>
        Task.FromResult<IOnlineStore>(new FeatureStore(views, new FeatureStoreOptions { LookBack = LookBack }));

    // What a restart means here is FeatureSnapshotTests' matter.
    protected override Task<IOnlineStore> RestartAsync(IOnlineStore store) => Task.FromResult(store);
}
