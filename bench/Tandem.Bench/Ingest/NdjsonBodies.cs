using System.Globalization;
using System.Text;
using Tandem.Events;

namespace Tandem.Bench.Ingest;

/// <summary>The events of a pool as a client writes them: without tenant and known time, which are ours to
/// add.</summary>
internal sealed class NdjsonBodies(EventPool events, int senders)
{
    private readonly byte[][][] _bodies = [.. Enumerable.Range(0, senders).Select(sender => Enumerable
        .Range(0, events.RoundCount).Select(round => Write(events.Batch(sender, round))).ToArray())];

    /// <summary>What a sender sends in a round.</summary>
    public byte[] Body(int sender, int round) => _bodies[sender][round % _bodies[sender].Length];

    private static byte[] Write(IReadOnlyList<EventRecord> batch)
    {
        StringBuilder lines = new();
        foreach (EventRecord record in batch)
        {
            string data = Encoding.UTF8.GetString(record.Data.Span);
            lines.Append(
                CultureInfo.InvariantCulture,
                $$"""
                {"id":"{{record.Id}}","type":"{{record.Type}}","entities":{"user":"{{record.Entities[0].Id}}","item":"{{record.Entities[1].Id}}"},"time":"{{record.EventTime:yyyy-MM-ddTHH:mm:ssZ}}","data":{{data}}}
                """).Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}
