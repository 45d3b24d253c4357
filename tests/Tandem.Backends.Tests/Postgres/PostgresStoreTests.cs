using Npgsql;
using Tandem.Backends.Postgres;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Features.Tests;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Backends.Tests.Postgres;

public sealed class PostgresStoreTests
{
    private static readonly EntityKey[] Somebody = [new("user", "u1"), new("item", "i1")];

    [PostgresFact]
    public async Task Apply_ByTwoProcesses_NeitherUndoesTheOther()
    {
        SeededRandom random = new(61);
        List<EventRecord> log = RandomHistory.Events(ref random, 600, isInKnownOrder: true);
        PostgresOptions options = TestPostgres.Options();
        PostgresStore one = await TestPostgres.OpenAsync(options);
        using PostgresStore two = new(TestSystem.Views, options);
        Assert.NotNull(await two.AttachAsync());

        int refusals = 0;
        PostgresStore[] both = [one, two];
        for (int turn = 0; one.AppliedUntil.Offset < log.Count || two.AppliedUntil.Offset < log.Count; turn++)
        {
            PostgresStore store = both[random.NextInt(2)];
            int start = (int)store.AppliedUntil.Offset;
            try
            {
                await store.ApplyAsync(OnlineStoreConformance.Batch(
                    log, start, Math.Min(log.Count, start + 1 + random.NextInt(40))));
            }
            catch (TandemException moved)
            {
                Assert.Equal("BCK035", moved.Fault.Code);
                refusals++;
                await store.AttachAsync();
            }

            if (start == log.Count)
            {
                await both[turn % 2].AttachAsync();
            }
        }

        Assert.True(refusals > 3, $"{refusals} refusals");
        foreach (PostgresStore store in both)
        {
            await OnlineStoreConformance.AssertAsync(store, log, log[^1].KnownTime, 11);
        }

        await two.DropAsync();
        one.Dispose();
    }

    [PostgresFact]
    public async Task Fetch_BeforeAnythingWasFilled_IsBck033()
    {
        using PostgresStore store = new(TestSystem.Views, TestPostgres.Options());

        Assert.Null(await store.AttachAsync());
        Assert.Equal("BCK033", await CodeAsync(store));
    }

    [PostgresFact]
    public async Task Fetch_WithOtherDefinitions_IsBck034UntilFilledAnew()
    {
        PostgresOptions options = TestPostgres.Options();
        using PostgresStore before = await TestPostgres.OpenAsync(options);
        FeatureView[] changed = [.. TestSystem.Views.Where(view => view.Name != "user_long_play")];
        using PostgresStore after = new(changed, options);

        Assert.Equal("BCK034", await CodeAsync(after));
        Assert.Null(await after.AttachAsync());
        using FeatureStore empty = new(changed);
        await after.FillAsync(empty);

        using FeatureLease lease = await after.FetchAsync(Somebody);
        Assert.Equal("BCK034", await CodeAsync(before));
        await after.DropAsync();
    }

    [PostgresFact]
    public async Task Fetch_OfADamagedRow_IsFea014()
    {
        SeededRandom random = new(62);
        List<EventRecord> log = RandomHistory.Events(ref random, 100, isInKnownOrder: true);
        PostgresOptions options = TestPostgres.Options();
        using PostgresStore store = await TestPostgres.OpenAsync(options);
        await store.ApplyAsync(OnlineStoreConformance.Batch(log, 0, 100));
        await ExecuteAsync($"update {SeriesKeys.Schema(options.Name)}.series set series = set_byte(series, 9, 77)");

        Assert.Equal("FEA014", await CodeAsync(store));
        await store.DropAsync();
    }

    [PostgresFact]
    public async Task Fetch_OfPairs_WhereTheLogIsAppliedBetweenItsQueries_SeesOnePlace()
    {
        SeededRandom random = new(65);
        List<EventRecord> log = RandomHistory.Events(ref random, 2000, isInKnownOrder: true);
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(PairSystem.Design);
        PostgresOptions options = TestPostgres.Options();
        using PostgresStore writer = await TestPostgres.OpenAsync(options, views);
        using PostgresStore reader = new(views, options);
        await writer.ApplyAsync(OnlineStoreConformance.Batch(log, 0, 1000));
        PairQuestion question = new(log[999].KnownTime.AddMilliseconds(1), 1000, "u1", "i1", "tv");

        using FeatureLease lease = await reader.FetchAsync(
            new EntityKey[] { new("user", "u1"), new("item", "i1") },
            known =>
            {
                Task.Run(() => writer.ApplyAsync(OnlineStoreConformance.Batch(log, 1000, 2000)).AsTask()).Wait();
                return known.PairsOf(part => part == "user" ? "u1" : part == "item" ? "i1" : "tv");
            });

        Assert.Equal(2000, writer.AppliedUntil.Offset);
        Assert.Equal(1000, lease.Store.AppliedUntil.Offset);
        PairSystem.AssertLikeTheOracle(log[..1000], lease.Store, question);
        Assert.False(lease.Store.Read("user_item", "plays", "u1|i1", question.AsOf).IsNull);
        await writer.DropAsync();
    }

    [PostgresFact]
    public async Task Fill_ThatIsCutOff_LeavesWhatWasThere()
    {
        SeededRandom random = new(63);
        List<EventRecord> log = RandomHistory.Events(ref random, 200, isInKnownOrder: true);
        PostgresOptions options = TestPostgres.Options();
        using PostgresStore store = await TestPostgres.OpenAsync(options);
        await store.ApplyAsync(OnlineStoreConformance.Batch(log, 0, 200));
        using FeatureStore empty = new(TestSystem.Views);
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.FillAsync(empty, stop.Token));

        Assert.NotNull(await store.AttachAsync());
        Assert.Equal(200, store.AppliedUntil.Offset);
        await OnlineStoreConformance.AssertAsync(store, log, log[^1].KnownTime, 11);
        await store.DropAsync();
    }

    [PostgresFact]
    public async Task Rows_AreOneAnEntityAndKindAndGoWithTheSystem()
    {
        SeededRandom random = new(64);
        List<EventRecord> log = RandomHistory.Events(ref random, 300, isInKnownOrder: true);
        PostgresOptions options = TestPostgres.Options();
        using PostgresStore store = await TestPostgres.OpenAsync(options);
        await store.ApplyAsync(OnlineStoreConformance.Batch(log, 0, 300));
        string schema = SeriesKeys.Schema(options.Name);

        using FeatureStore twin = new(TestSystem.Views);
        twin.Apply(OnlineStoreConformance.Batch(log, 0, 300));
        Assert.Equal((long)twin.Export().Count(), await ExecuteAsync($"select count(*) from {schema}.series"));
        Assert.Equal(300L, await ExecuteAsync($"select max(applied_until) from {schema}.series"));

        await store.DropAsync();
        Assert.Null(await ExecuteAsync($"select to_regclass('{schema}.series')::text"));
        Assert.Equal("BCK033", await CodeAsync(store));
    }

    [PostgresFact]
    public async Task Fetch_WithAWrongPassword_IsBck031AndTellsNoSecret()
    {
        PostgresOptions options = TestPostgres.Options() with
        {
            Address = PostgresAddress.Parse(PostgresProcess.Shared!, "not-the-secret"),
        };
        using PostgresStore store = new(TestSystem.Views, options);

        Fault fault = (await Assert.ThrowsAsync<TandemException>(async () => await store.FetchAsync(Somebody))).Fault;

        Assert.Equal("BCK031", fault.Code);
        Assert.DoesNotContain("not-the-secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_OfAServerThatIsAway_FailsAtOnceAfterAFew()
    {
        PostgresOptions options = new()
        {
            Address = PostgresAddress.Parse("postgres://me@127.0.0.1:1/none", "secret"),
            Name = "away",
            Pause = TimeSpan.FromMinutes(1),
        };
        using PostgresStore store = new(TestSystem.Views, options);
        List<string> faults = [];
        for (int i = 0; i < 20; i++)
        {
            faults.Add((await Assert.ThrowsAsync<TandemException>(async () => await store.FetchAsync(Somebody))).ToString());
        }

        Assert.All(faults, fault => Assert.Contains("BCK032", fault, StringComparison.Ordinal));
        Assert.Contains("not asked again yet", faults[^1], StringComparison.Ordinal);
        Assert.Equal((20, 20), store.Questions);
    }

    private static async Task<string> CodeAsync(PostgresStore store) =>
        (await Assert.ThrowsAsync<TandemException>(async () => await store.FetchAsync(Somebody))).Fault.Code;

    private static async Task<object?> ExecuteAsync(string statement)
    {
        var address = new Uri(PostgresProcess.Shared!);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port,
            Username = address.UserInfo,
            Password = PostgresProcess.Password,
            Database = address.AbsolutePath[1..],
        });
        await using NpgsqlCommand command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? value : null;
    }
}
