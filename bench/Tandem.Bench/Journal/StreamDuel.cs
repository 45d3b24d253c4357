using Tandem.Backends.RabbitMq;
using Tandem.Events;

namespace Tandem.Bench.Journal;

/// <summary>The raw log in a broker's stream against a bare publisher of the same bytes.</summary>
internal static class StreamDuel
{
    /// <summary>Measures appends of writers that wait for each other's group, beside the peer.</summary>
    /// <param name="options">With the broker's address.</param>
    /// <param name="events">What is appended.</param>
    /// <param name="writers">How many append at once.</param>
    /// <param name="length">Events of an append.</param>
    /// <param name="cancellationToken">Stops between two measurements.</param>
    public static async Task<Figure> RunAsync(
        BenchOptions options, EventPool events, int writers, int length, CancellationToken cancellationToken)
    {
        byte[] line = events.Line();
        int group = writers * length;
        Figure figure = await Duel.RunAsync(
            options.Rounds,
            () => AppendAsync(options, events, writers, length),
            () => BareStream.RunAsync(options, line, group),
            cancellationToken);
        return figure with
        {
            Name = length > 1
                ? $"RabbitMQ stream: {writers} writers, batches of {length}"
                : $"RabbitMQ stream: {writers} writers, one event each",
            Unit = "events/s",
            Peer = group > BareStream.MessageLines
                ? $"a bare publisher with confirms: {group / BareStream.MessageLines} ready messages of " +
                    $"{BareStream.MessageLines} lines, in a loop"
                : $"a bare publisher with confirms: a ready message of {group} lines, in a loop",
        };
    }

    private static async Task<double> AppendAsync(BenchOptions options, EventPool events, int writers, int length)
    {
        using ScratchFolder folder = new(options.Folder);
        RabbitOptions broker = new() { Address = AmqpAddress.Parse(options.Broker!), Stream = BareStream.NewName() };
        FileJournalOptions copy = new() { Folder = folder.Path };
        double rate;
        await using (RabbitJournal journal = await RabbitJournal.OpenAsync(broker, copy, TimeProvider.System))
        {
            rate = await JournalBenchmark.AppendAsync(options, journal, events, writers, length);
        }

        await BareStream.DeleteAsync(options, broker.Stream);
        return rate;
    }
}
