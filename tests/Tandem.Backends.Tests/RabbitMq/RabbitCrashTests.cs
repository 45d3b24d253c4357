using System.Collections.Concurrent;
using System.Globalization;
using Tandem.Backends.RabbitMq;
using Tandem.Events;
using Tandem.Events.Tests;
using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Backends.Tests.RabbitMq;

/// <summary>The broker, and the writing process, killed at moments that a seed chooses.</summary>
public sealed class RabbitCrashTests
{
    private const int Seed = 20260321;
    private const int WriterCount = 8;
    private const int BrokerKills = 3;

    // TANDEM_KILLS asks for more than ./check has time for.
    private static readonly int KillCount = int.Parse(
        Environment.GetEnvironmentVariable("TANDEM_KILLS") ?? "10", CultureInfo.InvariantCulture);

    [JournalFact]
    public async Task Append_WhileTheBrokerIsKilled_LosesAndDoublesNothingAcknowledged()
    {
        using TestFolder folder = new();
        using BrokerProcess broker = new(folder["broker"]);
        RabbitOptions options = TestBroker.Options(broker.Address) with { Patience = TimeSpan.FromSeconds(2) };
        FileJournalOptions copy = new() { Folder = folder["log"], SegmentBytes = 64 * 1024 };
        ConcurrentBag<int> acknowledged = [];
        Random random = new(Seed);
        int refused = 0;
        int next = 0;

        await using (RabbitJournal journal = await RabbitJournal.OpenAsync(options, copy, TimeProvider.System))
        {
            // RabbitMQ writes down half a second late that it has streams at all; killed before, it has lost its first.
            await journal.AppendAsync(Samples.Many(next, 1));
            next++;
            await Task.Delay(TimeSpan.FromSeconds(6));
            using CancellationTokenSource stop = new();
            Task[] writers = [.. Enumerable.Range(0, WriterCount).Select(_ => Task.Run(WriteAsync))];
            for (int kill = 0; kill < BrokerKills; kill++)
            {
                int before = acknowledged.Count;
                while (acknowledged.Count < before + 1000 + random.Next(3000))
                {
                    Assert.All(writers, writer => Assert.False(writer.IsFaulted, $"Seed {Seed}: {writer.Exception}"));
                    await Task.Delay(1);
                }

                await broker.KillAsync();
                broker.Start();
            }

            await stop.CancelAsync();
            await Task.WhenAll(writers);

            async Task WriteAsync()
            {
                while (!stop.IsCancellationRequested)
                {
                    int count = 1 + (Volatile.Read(ref next) % 20);
                    int first = Interlocked.Add(ref next, count) - count;
                    EventRecord[] batch = Samples.Many(first, count);
                    while (!await TryAppendAsync(journal, batch))
                    {
                        Interlocked.Increment(ref refused);
                    }

                    batch.Select(Number).ToList().ForEach(acknowledged.Add);
                }
            }
        }

        // Once from the copy, once from nothing but the stream.
        await AssertAllAreThereOnceAsync(options, copy, acknowledged);
        Directory.Delete(copy.Folder, recursive: true);
        await AssertAllAreThereOnceAsync(options, copy, acknowledged);
        Assert.True(refused > 0, "No append met a broker that was away.");
    }

    [JournalFact]
    public async Task Append_WhereTheWriterIsKilled_LosesAndDoublesNothingAcknowledged()
    {
        using TestFolder folder = new();
        RabbitOptions options = TestBroker.Options();
        Random random = new(Seed);
        HashSet<int> acknowledged = [];
        int next = 0;
        for (int kill = 0; kill < KillCount; kill++)
        {
            string first = next.ToString(CultureInfo.InvariantCulture);
            using (var probe = ProbeProcess.Start("append-amqp", folder["log"], first, TestBroker.Address!, options.Stream))
            {
                List<string> lines = await probe.ReadAsync(1 + random.Next(60));
                lines.AddRange(await probe.KillAsync());
                foreach (string[] range in lines.Select(line => line.Split('-')).Where(range => range.Length == 2))
                {
                    acknowledged.UnionWith(Enumerable.Range(Parse(range[0]), Parse(range[1]) - Parse(range[0]) + 1));
                }
            }

            // Another machine goes on, which has no copy yet.
            if (random.Next(3) == 0)
            {
                Directory.Delete(folder["log"], recursive: true);
            }

            List<int> kept = await ReadAsync(options, new() { Folder = folder["log"] });

            Assert.True(kept.Count == kept.Distinct().Count(), $"Seed {Seed}, kill {kill}: doubled.");
            Assert.True(acknowledged.IsSubsetOf(kept), $"Seed {Seed}, kill {kill}: lost.");
            next = kept.Count == 0 ? 0 : kept.Max() + 1000;
        }

        Assert.True(acknowledged.Count > KillCount);
    }

    private static async Task<bool> TryAppendAsync(RabbitJournal journal, EventRecord[] batch)
    {
        try
        {
            await journal.AppendAsync(batch);
            return true;
        }
        catch (TandemException e) when (e.Fault.Code == "BCK014")
        {
            return false;
        }
    }

    private static async Task AssertAllAreThereOnceAsync(
        RabbitOptions options, FileJournalOptions copy, IReadOnlyCollection<int> acknowledged)
    {
        List<int> kept = await ReadAsync(options, copy);

        Assert.True(kept.Count == kept.Distinct().Count(), $"Seed {Seed}: doubled.");
        Assert.True(new HashSet<int>(kept).IsSupersetOf(acknowledged), $"Seed {Seed}: lost.");
    }

    private static async Task<List<int>> ReadAsync(RabbitOptions options, FileJournalOptions copy)
    {
        await using RabbitJournal journal = await RabbitJournal.OpenAsync(options, copy, TimeProvider.System);
        return await journal.ReadAsync(journal.Begin).SelectMany(batch => batch.Events).Select(Number).ToListAsync();
    }

    private static int Number(EventRecord record) => Parse(record.Id[1..]);

    private static int Parse(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
