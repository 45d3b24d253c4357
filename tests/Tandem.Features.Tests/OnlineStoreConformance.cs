using System.Globalization;
using Tandem.Events;
using Tandem.Numerics;
using Tandem.Spec;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

/// <summary>What every online store promises, wherever it holds the features.</summary>
public abstract class OnlineStoreConformance
{
    /// <summary>Repetitions in the random log come within it; later ones the log itself refuses.</summary>
    internal static readonly TimeSpan LookBack = TimeSpan.FromHours(3);

    private const int LargestBatch = 60;

    private readonly ITestOutputHelper _output;

    protected OnlineStoreConformance(ITestOutputHelper output)
    {
        _output = output;
    }

    /// <summary>Late events, ties and duplicates in the order in which they became known, asked about on the way.</summary>
    protected async Task EventsThatArriveInOrderAsync(ulong seed, int count, int questions)
    {
        _output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        List<EventRecord> log = RandomHistory.WithDuplicates(
            ref random, RandomHistory.Events(ref random, count, isInKnownOrder: true));
        await RunAsync(log, random, (double)questions * LargestBatch / 2 / log.Count);
    }

    /// <summary>Events in any order, as an import brings them, asked about at the end.</summary>
    protected async Task EventsThatArriveInAnyOrderAsync(ulong seed, int count, int questions)
    {
        _output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, count, isInKnownOrder: false);
        IOnlineStore store = await OpenAsync(TestSystem.Views);
        for (int start = 0; start < log.Count;)
        {
            int end = Math.Min(log.Count, start + 1 + random.NextInt(LargestBatch));
            await store.ApplyAsync(Batch(log, start, end));
            store = random.NextInt(20) == 0 ? await RestartAsync(store) : store;
            start = end;
        }

        DateTimeOffset newest = log.Max(e => e.KnownTime);
        for (int i = 0; i < questions; i++)
        {
            await AssertAsync(store, log, newest.AddMinutes(random.NextInt(20_000) - 60), random.NextInt(1000));
        }

        await CloseAsync(store);
    }

    /// <summary>Pairs whose second part changes, also within a batch, asked about with one candidate and several, and
    /// compared with plain loops and, bit for bit, with a store in this process.</summary>
    protected async Task PairsWhosePartsChangeAsync(ulong seed, int count, int questions)
    {
        _output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, count, isInKnownOrder: true);
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(PairSystem.Design);
        using FeatureStore twin = new(views, new FeatureStoreOptions { LookBack = LookBack });
        IOnlineStore store = await OpenAsync(views);
        int found = 0;
        for (int start = 0; start < log.Count;)
        {
            int end = Math.Min(log.Count, start + 1 + random.NextInt(LargestBatch));
            await store.ApplyAsync(Batch(log, start, end));
            twin.Apply(Batch(log, start, end));
            store = random.NextInt(20) == 0 ? await RestartAsync(store) : store;
            bool mayAsk = end == log.Count || log[end].KnownTime > log[end - 1].KnownTime;
            if (mayAsk && random.NextDouble() < (double)questions * LargestBatch / 2 / log.Count)
            {
                PairQuestion question = new(
                    log[end - 1].KnownTime.AddMilliseconds(1), end, Id("u", random.NextInt(7)), Id("i", random.NextInt(6)),
                    random.NextInt(3) == 0 ? null : random.NextInt(2) == 0 ? "tv" : "ph\u00f6ne");
                found += await AssertPairsAsync(store, twin, log[..end], question);
            }

            start = end;
        }

        Assert.True(found > questions, $"{found} values in {questions} questions.");
        await CloseAsync(store);
    }

    private static async Task<int> AssertPairsAsync(
        IOnlineStore store, FeatureStore twin, List<EventRecord> log, PairQuestion question)
    {
        string[] items = [question.Item, .. Enumerable.Range(0, 6).Select(static i => Id("i", i))];
        using FeatureLease lease = await store.FetchAsync(
            (EntityKey[])
            [
                new("user", question.User), new(FeatureView.GlobalEntity, ""),
                .. items.Select(static item => new EntityKey("item", item)),
            ],
            known => items.SelectMany(item => known.PairsOf(part => part switch
            {
                "user" => question.User,
                "item" => item,
                "device" => question.Device,
                _ => null,
            })));
        PairSystem.AssertLikeTheOracle(log, lease.Store, question);
        var set = FeatureSet.Create(twin.Views);
        float[] rows = new float[items.Length * set.Count];
        float[] expected = new float[rows.Length];
        lease.Store.Reader(set).ReadRows(question.Request, "item", items, rows);
        twin.Reader(set).ReadRows(question.Request, "item", items, expected);
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), rows.Select(BitConverter.SingleToInt32Bits));
        return rows.Count(static value => !float.IsNaN(value));
    }

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IOnlineStore> OpenAsync(IReadOnlyList<FeatureView> views);

    /// <summary>Does what a restart of the process does.</summary>
    protected abstract Task<IOnlineStore> RestartAsync(IOnlineStore store);

    /// <summary>Closes it and takes away what it held.</summary>
    protected virtual Task CloseAsync(IOnlineStore store)
    {
        store.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A run of a log whose positions are indices.</summary>
    internal static JournalBatch Batch(IReadOnlyList<EventRecord> log, int start, int end) => new(
        new JournalPosition(start), new JournalPosition(end), [.. log.Skip(start).Take(end - start)]);

    /// <summary>Asks for every feature of a user, an item and the global entity, and compares with plain loops.</summary>
    internal static async Task AssertAsync(
        IOnlineStore store, IReadOnlyList<EventRecord> log, DateTimeOffset asOf, int number)
    {
        string user = Id("u", number % (RandomHistory.Users + 1));
        string item = Id("i", number / 10 % (RandomHistory.Items + 1));
        using FeatureLease lease = await store.FetchAsync(
            new EntityKey[] { new("user", user), new("item", item), new(FeatureView.GlobalEntity, "") });
        foreach ((string view, FeatureViewSpec spec) in TestSystem.Spec.Features)
        {
            string id = spec.Entity == "user" ? user : item;
            foreach (AggregateSpec feature in spec.Aggregates)
            {
                foreach ((string name, FeatureValue expected) in
                    Oracle.Values(log, TestSystem.Spec, view, feature, id, asOf))
                {
                    FeatureValue actual = lease.Store.Read(view, name, id, asOf);
                    Assert.True(
                        Oracle.AreEqual(feature, expected, actual),
                        $"{view}:{name} of {id} as of {asOf:O}: {Said(expected)} but {Said(actual)}");
                }
            }
        }
    }

    internal static string Id(string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    private async Task RunAsync(List<EventRecord> log, SeededRandom random, double share)
    {
        IOnlineStore store = await OpenAsync(TestSystem.Views);
        for (int start = 0; start < log.Count;)
        {
            int end = Math.Min(log.Count, start + 1 + random.NextInt(LargestBatch));
            await store.ApplyAsync(Batch(log, start, end));

            // A batch that comes again changes nothing.
            await store.ApplyAsync(Batch(log, start, end));
            store = random.NextInt(20) == 0 ? await RestartAsync(store) : store;
            bool mayAsk = end == log.Count || log[end].KnownTime > log[end - 1].KnownTime;
            if (end == log.Count || (mayAsk && random.NextDouble() < share))
            {
                await AssertAsync(
                    store, log[..end], log[end - 1].KnownTime.AddMinutes(-random.NextInt(60)), random.NextInt(1000));
                Assert.Equal(end, store.AppliedUntil.Offset);
            }

            start = end;
        }

        await CloseAsync(store);
    }

    private static string Said(FeatureValue value) =>
        $"{value.Kind} {value.Number:R} {value.Text} {string.Join(',', value.Ids)} {string.Join(',', value.Numbers)}";
}
