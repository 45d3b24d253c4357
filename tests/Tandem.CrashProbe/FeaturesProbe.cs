using System.Globalization;
using Tandem.Backends.Postgres;
using Tandem.Events;
using Tandem.Features;
using Tandem.Features.Tests;
using Tandem.Numerics;

namespace Tandem.CrashProbe;

/// <summary>Applies a random log to online features in PostgreSQL, as fast as it can, and says how far it came.</summary>
internal static class FeaturesProbe
{
    private const int LargestBatch = 60;

    /// <summary>Goes on where the server stands, until all of the log is applied or the process is killed.</summary>
    public static async Task RunAsync(string address, string password, string name, string seed)
    {
        ulong number = ulong.Parse(seed, CultureInfo.InvariantCulture);
        SeededRandom history = new(number);
        List<EventRecord> log = RandomHistory.Events(ref history, 10_000, isInKnownOrder: true);
        SeededRandom random = new(number + 1);
        using PostgresStore store = new(
            TestSystem.Views,
            new PostgresOptions
            {
                Address = PostgresAddress.Parse(address, password),
                Name = name,
                LookBack = TimeSpan.FromHours(3),
            });
        if (await store.AttachAsync() is null)
        {
            using FeatureStore empty = new(TestSystem.Views);
            await store.FillAsync(empty);
        }

        while (store.AppliedUntil.Offset < log.Count)
        {
            int start = (int)store.AppliedUntil.Offset;
            int end = Math.Min(log.Count, start + 1 + random.NextInt(LargestBatch));
            await store.ApplyAsync(new JournalBatch(new(start), new(end), log[start..end]));
            await Acknowledgement.SayAsync(string.Create(CultureInfo.InvariantCulture, $"applied {end}"));
        }

        await Acknowledgement.SayAsync("done");
    }
}
