using System.Collections.Concurrent;
using System.Globalization;
using Tandem.Backends.Postgres;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Features.Tests;
using Tandem.Numerics;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Backends.Tests.Postgres;

/// <summary>Processes and servers that are killed in the middle of their work: an answer is right or none.</summary>
public sealed class PostgresCrashTests
{
    private const int Count = 3000;

    private static readonly FeatureSet Numbers = FeatureSet.Create(TestSystem.Views);

    private readonly ITestOutputHelper _output;

    public PostgresCrashTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [PostgresTheory]
    [InlineData(71)]
    public async Task Applying_KilledAgainAndAgain_EndsAsIfItNeverWas(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        PostgresOptions options = TestPostgres.Options();
        using PostgresStore reader = new(TestSystem.Views, options);
        string[] arguments =
        [
            "features", PostgresProcess.Shared!, PostgresProcess.Password, options.Name,
            seed.ToString(CultureInfo.InvariantCulture),
        ];

        // As the probe makes it.
        SeededRandom history = new(seed);
        List<EventRecord> log = RandomHistory.Events(ref history, 10_000, isInKnownOrder: true);
        string last = "";
        for (int kills = 0; last != "done"; kills++)
        {
            using var probe = ProbeProcess.Start(arguments);
            last = (await probe.ReadAsync(1))[0];
            if (kills < 5)
            {
                await probe.ReadAsync(1 + random.NextInt(20));
                last = (await probe.KillAsync()).LastOrDefault(last);
            }
            else
            {
                while (last != "done")
                {
                    last = (await probe.ReadAsync(1))[0];
                }
            }

            await AssertReaderAsync(reader, log, random);
        }

        Assert.Equal(log.Count, reader.AppliedUntil.Offset);
        await reader.DropAsync();
    }

    [PostgresFact]
    public async Task Server_KilledUnderLoad_GivesNoWrongValueAndGoesOn()
    {
        const ulong Seed = 72;
        SeededRandom random = new(Seed);
        List<EventRecord> log = RandomHistory.Events(ref random, Count, isInKnownOrder: true);
        DateTimeOffset asOf = log[^1].KnownTime;
        using TestFolder folder = new();
        using PostgresProcess server = new(folder["server"]);
        PostgresOptions options = TestPostgres.Options(server.Address) with
        {
            Patience = TimeSpan.FromSeconds(1),
            Pause = TimeSpan.FromMilliseconds(500),
        };
        using PostgresStore writer = await TestPostgres.OpenAsync(options);
        using PostgresStore reader = new(TestSystem.Views, options);
        ConcurrentBag<(long Place, int User, float[] Values)> answers = [];
        int failures = 0;
        using CancellationTokenSource stop = new();
        var reading = Task.Run(async () =>
        {
            for (int user = 0; !stop.IsCancellationRequested; user = (user + 1) % RandomHistory.Users)
            {
                try
                {
                    using FeatureLease lease = await reader.FetchAsync(
                        new EntityKey[] { new("user", OnlineStoreConformance.Id("u", user)) });
                    answers.Add((lease.Store.AppliedUntil.Offset, user, Values(lease.Store, user, asOf)));
                }
                catch (TandemException away)
                {
                    Assert.True(away.Fault.Code is "BCK032" or "BCK036", away.Fault.ToString());
                    Interlocked.Increment(ref failures);
                    await Task.Delay(5);
                }
            }
        });

        int kills = 0;
        for (long start = 0; start < Count;)
        {
            if (kills < 2 && start > Count / 3 * (kills + 1))
            {
                await server.KillAsync();
                await Task.Delay(300);
                server.Start();
                kills++;
            }

            try
            {
                int end = (int)Math.Min(Count, start + 1 + random.NextInt(30));
                await writer.ApplyAsync(OnlineStoreConformance.Batch(log, (int)start, end));
                start = end;
            }
            catch (TandemException)
            {
                try
                {
                    // A crash may take the last few batches back: the log has them.
                    await writer.AttachAsync();
                    start = writer.AppliedUntil.Offset;
                }
                catch (TandemException)
                {
                    await Task.Delay(20);
                }
            }
        }

        await stop.CancelAsync();
        await reading;

        // The reader may have asked in vain last, and asks again after its pause.
        await ReturnAsync(reader);
        await OnlineStoreConformance.AssertAsync(reader, log, asOf, 11);
        _output.WriteLine($"{answers.Count} answers, {failures} failures, {kills} kills");
        Assert.True(failures > 0 && answers.Count > 50, $"{answers.Count} answers, {failures} failures");
        using FeatureStore twin = new(TestSystem.Views, new FeatureStoreOptions { LookBack = TimeSpan.FromDays(4000) });
        int applied = 0;
        foreach ((long place, int user, float[] values) in answers.OrderBy(answer => answer.Place))
        {
            twin.Apply(OnlineStoreConformance.Batch(log, applied, (int)place));
            applied = (int)place;
            Assert.Equal(Values(twin, user, asOf), values);
        }
    }

    private static float[] Values(FeatureStore store, int user, DateTimeOffset asOf)
    {
        float[] values = new float[Numbers.Count];
        values.AsSpan().Fill(float.NaN);
        store.Reader(Numbers).Read("user", OnlineStoreConformance.Id("u", user), asOf, values);
        return values;
    }

    /// <summary>Whatever place the server stands at, the values are those of the log up to there.</summary>
    private static async Task ReturnAsync(PostgresStore reader)
    {
        for (int left = 2400; ; left--)
        {
            try
            {
                (await reader.FetchAsync(new EntityKey[] { new("user", OnlineStoreConformance.Id("u", 0)) })).Dispose();
                return;
            }
            catch (TandemException away) when (left > 0 && away.Fault.Code is ("BCK032" or "BCK036"))
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task AssertReaderAsync(PostgresStore reader, List<EventRecord> log, SeededRandom random)
    {
        int user = random.NextInt(RandomHistory.Users);
        DateTimeOffset asOf = log[^1].KnownTime;
        using FeatureLease lease = await reader.FetchAsync(
            new EntityKey[] { new("user", OnlineStoreConformance.Id("u", user)) });
        using FeatureStore twin = new(TestSystem.Views, new FeatureStoreOptions { LookBack = TimeSpan.FromDays(4000) });
        twin.Apply(OnlineStoreConformance.Batch(log, 0, (int)lease.Store.AppliedUntil.Offset));
        Assert.Equal(Values(twin, user, asOf), Values(lease.Store, user, asOf));
    }
}
