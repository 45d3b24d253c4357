using System.Globalization;
using Tandem.Backends.RabbitMq;
using Tandem.Events;

namespace Tandem.CrashProbe;

/// <summary>Appends numbered events without end, in batches of 1 to 20, from several writers, and acknowledges each batch
/// once the journal did: a line <c>first-last</c>. The last batch is sometimes sent twice, as a client does who heard no
/// answer.</summary>
internal static class AppendProbe
{
    private const int WriterCount = 3;

    /// <summary>Runs until the process is killed.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="firstNumber">Number of the first event.</param>
    /// <param name="durability">The journal's setting.</param>
    public static async Task RunAsync(string folder, string firstNumber, string durability)
    {
        int next = int.Parse(firstNumber, CultureInfo.InvariantCulture);

        // Small segments, so that kills also meet the change from one to the next.
        FileJournalOptions options = new()
        {
            Folder = folder,
            SegmentBytes = 4096,
            Durability = Enum.Parse<Durability>(durability),
            FlushInterval = TimeSpan.FromMilliseconds(1),
        };
        await using FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System);
        await AppendAsync(journal, next);
    }

    /// <summary>The same into a broker's log.</summary>
    /// <param name="folder">Folder of the copy.</param>
    /// <param name="firstNumber">Number of the first event.</param>
    /// <param name="address">The broker.</param>
    /// <param name="stream">Name of the stream.</param>
    public static async Task RunAmqpAsync(string folder, string firstNumber, string address, string stream)
    {
        RabbitOptions options = new() { Address = AmqpAddress.Parse(address), Stream = stream };
        await using RabbitJournal journal = await RabbitJournal.OpenAsync(
            options, new() { Folder = folder, SegmentBytes = 4096 }, TimeProvider.System);
        await AppendAsync(journal, int.Parse(firstNumber, CultureInfo.InvariantCulture));
    }

    private static async Task AppendAsync(IJournal journal, int next)
    {
        await Acknowledgement.SayAsync("open");

        async Task WriteAsync(int writer)
        {
            for (int round = 0; ; round++)
            {
                int count = 1 + ((writer + round) % 20);
                int first = Interlocked.Add(ref next, count) - count;
                EventRecord[] batch = [.. Enumerable.Range(first, count).Select(Make)];
                await journal.AppendAsync(batch);
                if (round % 5 == 0)
                {
                    await journal.AppendAsync(batch);
                }

                await Acknowledgement.SayAsync(
                    string.Create(CultureInfo.InvariantCulture, $"{first}-{first + count - 1}"));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, WriterCount).Select(WriteAsync));
    }

    private static EventRecord Make(int number) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"n{number}"),
        Type = "probe",
        Entities = [new("user", "u1")],
    };
}
