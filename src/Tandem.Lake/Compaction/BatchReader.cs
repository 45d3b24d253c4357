using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Reads segments into the tables of a batch, for one thread.</summary>
internal sealed class BatchReader : IDisposable
{
    private readonly DuckConnection _connection;
    private readonly BatchTables _tables;
    private readonly JournalPosition _from;
    private readonly List<RowWriter> _writers = [];

    private BatchReader(DuckDatabase database, BatchTables tables, JournalPosition from)
    {
        _connection = database.Connect();
        _tables = tables;
        _from = from;
    }

    private EventIds Ids { get; } = new();

    /// <summary>Reads segments on several threads.</summary>
    /// <param name="database">The compaction's database.</param>
    /// <param name="tables">Receive the rows.</param>
    /// <param name="segments">What to read.</param>
    /// <param name="from">Events before it are skipped.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The ids read.</returns>
    public static EventIds ReadAll(
        DuckDatabase database,
        BatchTables tables,
        IReadOnlyList<JournalSegment> segments,
        JournalPosition from,
        int threads,
        CancellationToken cancellationToken)
    {
        EventIds ids = new();
        Lock merging = new();
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.ForEach(
                Partitioner.Create(segments, EnumerablePartitionerOptions.NoBuffering),
                options,
                () => new BatchReader(database, tables, from),
                (segment, _, reader) =>
                {
                    reader.Read(segment, cancellationToken);
                    return reader;
                },
                reader =>
                {
                    using (reader)
                    {
                        reader.Complete();
                    }

                    lock (merging)
                    {
                        ids.Add(reader.Ids);
                    }
                });
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }

        return ids;
    }

    public void Dispose()
    {
        foreach (RowWriter writer in _writers)
        {
            writer.Dispose();
        }

        _connection.Dispose();
    }

    private void Read(JournalSegment segment, CancellationToken cancellationToken)
    {
        const int LinesBetweenLooks = 4096;
        using SegmentReader reader = new(segment);
        int lines = 0;
        while (reader.TryRead(out ReadOnlySpan<byte> bytes, out long position))
        {
            if (++lines % LinesBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (position >= _from.Offset)
            {
                Write(segment, bytes, position);
            }
        }
    }

    private void Write(JournalSegment segment, ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            var line = EventLine.Parse(bytes);
            WriterFor(line).Write(line, position);
            AddId(line, position);
        }
        catch (JsonException e)
        {
            throw LakeErrors.DamagedSegment(segment.Path, new JournalPosition(position), e.Message, e);
        }
    }

    private RowWriter WriterFor(in EventLine line)
    {
        ReadOnlySpan<byte> plain = line.Type.IsPlainString ? line.Type.Inside(line.Bytes) : default;
        foreach (RowWriter writer in _writers)
        {
            if (plain.SequenceEqual(writer.TypeName))
            {
                return writer;
            }
        }

        Utf8JsonReader reader = new(line.Type.Of(line.Bytes));
        reader.Read();
        string name = reader.GetString() ?? "";
        foreach (RowWriter writer in _writers)
        {
            if (writer.TypeName.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(name)))
            {
                return writer;
            }
        }

        var added = new RowWriter(_connection, _tables.For(name));
        _writers.Add(added);
        return added;
    }

    private void AddId(in EventLine line, long position)
    {
        ReadOnlySpan<byte> id = line.Id.Inside(line.Bytes);
        if (line.Id.IsEscaped)
        {
            // One id may be escaped in more than one way.
            Utf8JsonReader reader = new(line.Id.Of(line.Bytes));
            reader.Read();
            id = Encoding.UTF8.GetBytes(reader.GetString() ?? "");
        }

        Ids.Add(id, position);
    }

    private void Complete()
    {
        foreach (RowWriter writer in _writers)
        {
            writer.Complete();
        }
    }
}
