using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Tandem.Events;

namespace Tandem.Lake.Compaction;

/// <summary>The events that one manifest adds, in memory as their lines.</summary>
/// <remarks>An event is named by a number that grows with its place in the log: its block's above 17 bits, which count
/// the lines of 4 MiB.</remarks>
internal sealed class EventBatch : IDisposable
{
    private const int RowBits = 17;

    private readonly EventBlock[] _blocks;

    private EventBatch(EventBlock[] blocks, BatchTables tables)
    {
        _blocks = blocks;
        Tables = tables.All;
        foreach (EventBlock block in blocks)
        {
            Ids.Add(block.Ids);
        }
    }

    /// <summary>The tables that rows name by number.</summary>
    public IReadOnlyList<BatchTable> Tables { get; }

    /// <summary>Blocks of events, numbered from 0 in the order of the log.</summary>
    public int BlockCount => _blocks.Length;

    /// <summary>Their ids.</summary>
    public TextRange Ids { get; } = new();

    /// <summary>Where in the log they end.</summary>
    public JournalPosition End => new(_blocks[^1].EndPosition);

    /// <summary>Reads the events from a position on.</summary>
    /// <param name="segments">Closed segments; the first holds the position.</param>
    /// <param name="from">Events before it are skipped.</param>
    /// <param name="declared">The declared tables.</param>
    /// <param name="options">How many bytes, on how many threads.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The batch, or null where the segments hold nothing more.</returns>
    /// <exception cref="Faults.TandemException">LAK003: a type cannot name a folder; LAK004: a segment is
    /// damaged.</exception>
    public static EventBatch? Read(
        IReadOnlyList<JournalSegment> segments,
        JournalPosition from,
        LakeTables declared,
        LakeOptions options,
        CancellationToken cancellationToken)
    {
        BatchTables tables = new(declared);
        ConcurrentBag<(long Index, EventBlock Block)> read = [];
        try
        {
            Parallel.ForEach(
                Partitioner.Create(
                    new BlockReader(segments, from).Read(options.BatchBytes),
                    EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
                (block, _, index) =>
                {
                    BlockScanner.Scan(block, tables, cancellationToken);
                    read.Add((index, block));
                });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }

        EventBlock[] blocks = [.. read.OrderBy(static one => one.Index).Select(static one => one.Block)];
        return blocks.Length > 0 ? new EventBatch(blocks, tables) : null;
    }

    /// <summary>The number of an event.</summary>
    public static int Number(int block, int row) => (block << RowBits) | row;

    /// <summary>The events of a block.</summary>
    public Span<EventRow> Rows(int block) => _blocks[block].Rows;

    /// <summary>An event.</summary>
    public ref EventRow Row(int number) => ref BlockOf(number).Rows[number & ((1 << RowBits) - 1)];

    /// <summary>The line of an event.</summary>
    public ReadOnlySpan<byte> Line(int number) => BlockOf(number).Of(Row(number).Line);

    /// <summary>The id of an event.</summary>
    public ReadOnlySpan<byte> Id(int number) => BlockOf(number).Of(Row(number).Id);

    /// <summary>The first entity of an event that has one.</summary>
    public ReadOnlySpan<byte> Entity(int number) => BlockOf(number).Of(Row(number).Entity);

    /// <summary>Where in the log an event stands.</summary>
    public long Position(int number) => BlockOf(number).Position + Row(number).Line.Start;

    /// <summary>The fault of an event that cannot be written.</summary>
    public Exception Damage(int number, string what, Exception cause) =>
        BlockOf(number).Damage(Row(number).Line.Start, what, cause);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (EventBlock block in _blocks)
        {
            block.Release();
        }
    }

    private EventBlock BlockOf(int number) => _blocks[number >> RowBits];
}
