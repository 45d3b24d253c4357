using Tandem.Backends.Postgres;
using Tandem.Features;
using Tandem.Features.Tests;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Backends.Tests.Postgres;

public sealed class PostgresConformanceTests(ITestOutputHelper output) : OnlineStoreConformance(output)
{
    private PostgresOptions? _options;

    [PostgresTheory]
    [InlineData(51, 1500, 30)]
    [InlineData(52, 10_000, 12)]
    public Task Events_InOrder_EqualPlainLoopsBitForBit(ulong seed, int count, int questions) =>
        EventsThatArriveInOrderAsync(seed, count, questions);

    [PostgresTheory]
    [InlineData(53, 1500, 15)]
    public Task Events_InAnyOrder_EqualPlainLoopsBitForBit(ulong seed, int count, int questions) =>
        EventsThatArriveInAnyOrderAsync(seed, count, questions);

    [PostgresTheory]
    [InlineData(54, 3000, 30)]
    [InlineData(55, 3000, 30)]
    public Task Pairs_WhosePartsChange_EqualPlainLoopsBitForBit(ulong seed, int count, int questions) =>
        PairsWhosePartsChangeAsync(seed, count, questions);

    protected override async Task<IOnlineStore> OpenAsync(IReadOnlyList<FeatureView> views)
    {
        // So little memory that the process which applies begins anew again and again.
        _options = TestPostgres.Options() with { ApplyingBytes = 50_000 };
        return await TestPostgres.OpenAsync(_options, views);
    }

    protected override async Task<IOnlineStore> RestartAsync(IOnlineStore store)
    {
        store.Dispose();
        PostgresStore again = new(store.Views, _options!);
        Assert.NotNull(await again.AttachAsync());
        return again;
    }

    protected override async Task CloseAsync(IOnlineStore store)
    {
        await ((PostgresStore)store).DropAsync();
        store.Dispose();
    }
}
