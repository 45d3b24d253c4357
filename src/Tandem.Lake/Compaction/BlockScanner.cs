using System.Text.Json;
using Tandem.Events;

namespace Tandem.Lake.Compaction;

/// <summary>Checks the lines of blocks, and finds in each what an event's place in the lake hangs on.</summary>
internal static class BlockScanner
{
    private const int LinesBetweenLooks = 4096;

    /// <summary>Scans a block.</summary>
    /// <param name="block">Takes the rows.</param>
    /// <param name="tables">Number the events' types.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">LAK003: a type cannot name a folder; LAK004: a line is not as it was
    /// written, or is no event.</exception>
    public static void Scan(EventBlock block, BatchTables tables, CancellationToken cancellationToken)
    {
        block.Prepare();
        int start = 0;
        int read = 0;
        while (start < block.Lines.Length)
        {
            if (++read % LinesBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            int length = block.Lines[start..].IndexOf((byte)'\n');
            if (!JournalLine.IsIntact(block.Lines.Slice(start, length + 1)))
            {
                throw block.Damage(start, "the line's checksum is wrong");
            }

            Span32 place = new(start, length);
            if (!JournalGap.IsGap(block.Of(place)))
            {
                Add(block, place, tables);
            }

            start += length + 1;
        }
    }

    private static void Add(EventBlock block, Span32 place, BatchTables tables)
    {
        try
        {
            var line = EventLine.CutHead(block.Of(place));
            int table = tables.Find(
                line.Type.IsEscaped ? line.Type.Unescaped(line.Bytes) : line.Type.Inside(line.Bytes));
            Span32 id = PlaceOf(block, place, line.Bytes, 0, line.Id);
            Span32 entity = tables.All[table].FirstEntity is { } name && line.Entities.IsPresent
                ? FindEntity(block, place, line, name)
                : Span32.None;
            block.Ids.Add(block.Of(id));
            block.Add(new EventRow
            {
                Line = place,
                Id = id,
                IdPrint = Fingerprint.Of(block.Of(id)),
                Entity = entity,
                EntityPrint = entity.IsPresent ? Fingerprint.Of(block.Of(entity)) : 0,
                Time = ValueWriter.Moment(line.Bytes, line.Time) ?? EventRow.NoTime,
                Table = table,
            });
        }
        catch (JsonException e)
        {
            throw block.Damage(place.Start, e.Message, e);
        }
    }

    /// <summary>The first entity's text; of several under one name the last counts, as it does in a row.</summary>
    private static Span32 FindEntity(EventBlock block, Span32 place, in EventLine line, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> json = line.Entities.Of(line.Bytes);
        Span32 found = Span32.None;
        JsonMembers members = new(json);
        while (members.Next())
        {
            if (members.Name.Equals(json, name))
            {
                found = PlaceOf(block, place, json, line.Entities.Start, members.Value);
            }
        }

        return found;
    }

    /// <summary>Where a value's text stands; nowhere for what is no text.</summary>
    private static Span32 PlaceOf(
        EventBlock block, Span32 line, ReadOnlySpan<byte> json, int offset, JsonSlice value)
    {
        int start = line.Start + offset + value.Start;
        return value.Kind switch
        {
            JsonTokenType.String when value.IsEscaped => block.Keep(value.Unescaped(json)),
            JsonTokenType.String => new Span32(start + 1, value.Length - 2),
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => new Span32(start, value.Length),
            _ => Span32.None,
        };
    }
}
