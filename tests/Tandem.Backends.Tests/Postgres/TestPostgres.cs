using Tandem.Backends.Postgres;
using Tandem.Features;
using Tandem.Features.Tests;
using Tandem.Testing;

namespace Tandem.Backends.Tests.Postgres;

/// <summary>Settings of tests.</summary>
internal static class TestPostgres
{
    /// <summary>Settings for a system of one's own.</summary>
    public static PostgresOptions Options(string? address = null) => new()
    {
        Address = PostgresAddress.Parse(address ?? PostgresProcess.Shared!, PostgresProcess.Password),
        Name = $"test {Path.GetRandomFileName()}",
        LookBack = OnlineStoreConformance.LookBack,
        RetryDelay = TimeSpan.FromMilliseconds(20),

        // A machine under load is slow; only tests of slowness want less.
        Patience = TimeSpan.FromSeconds(20),
    };

    /// <summary>A store that is filled with nothing.</summary>
    public static async Task<PostgresStore> OpenAsync(PostgresOptions options, IReadOnlyList<FeatureView>? views = null)
    {
        PostgresStore store = new(views ?? TestSystem.Views, options);
        using FeatureStore empty = new(store.Views);
        await store.FillAsync(empty);
        return store;
    }
}
