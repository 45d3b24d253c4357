using System.Buffers;
using System.Globalization;
using Tandem.Events;

namespace Tandem.Bench;

/// <summary>Events made beforehand, so that a measurement holds nothing but the append. Ids come back only after more
/// others than the journal remembers.</summary>
internal sealed class EventPool
{
    // The journal remembers up to twice as many ids as it promises.
    private const int IdCount = 3 * FileJournalOptions.DefaultRememberedIdCount;

    private readonly EventRecord[][][] _batches;

    public EventPool(int writers, int length)
    {
        int batches = (IdCount / (writers * length)) + 1;
        _batches = [.. Enumerable.Range(0, writers).Select(writer => Enumerable.Range(0, batches)
            .Select(batch => Enumerable.Range(0, length)
                .Select(i => Make((((long)writer * batches) + batch) * length + i)).ToArray())
            .ToArray())];
    }

    /// <summary>Batches of each writer; the rounds behind them begin again.</summary>
    public int RoundCount => _batches[0].Length;

    /// <summary>The batch of a writer's round.</summary>
    public IReadOnlyList<EventRecord> Batch(int writer, int round) => _batches[writer][round % _batches[writer].Length];

    /// <summary>An event as it stands in the log, for those who write bytes only.</summary>
    public byte[] Line()
    {
        ArrayBufferWriter<byte> bytes = new();
        EventJson.Write(_batches[0][0][0], bytes);
        return [.. bytes.WrittenSpan[..^1], .. ",\"~\":\"00000000\"}\n"u8];
    }

    /// <summary>The event of a number.</summary>
    public static EventRecord Make(long number) => new()
    {
        Id = number.ToString("x32", CultureInfo.InvariantCulture),
        Type = "play",
        Entities = [new("user", $"u{number % 20_000}"), new("item", $"v{number % 30_000}")],
        EventTime = DateTimeOffset.UnixEpoch.AddSeconds(number),
        Data = """{"watch_fraction":0.87}"""u8.ToArray(),
    };
}
