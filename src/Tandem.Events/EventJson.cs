using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Tandem.Faults;

namespace Tandem.Events;

/// <summary>Events as JSON: the same object on the wire and on a line of the raw log. <c>docs/formats/event.md</c>
/// lists keys, ranges and limits.</summary>
/// <remarks>Strict: unknown keys, keys twice, comments, trailing commas, invalid UTF-8, moments without an offset, and
/// numbers beyond float64 are refused. Thread safe.</remarks>
public static class EventJson
{
    // Each thread keeps the names that it met.
    [ThreadStatic]
    private static EventDecoder? _decoder;

    /// <summary>Appends an event's object, on one line, without line end.</summary>
    /// <param name="record">The event. Times finer than a microsecond are cut.</param>
    /// <param name="output">Receives UTF-8.</param>
    /// <exception cref="TandemException">EVT001, EVT002, EVT003: the event is not allowed; nothing is
    /// written.</exception>
    public static void Write(EventRecord record, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(output);
        EventEncoder.Write(record, output);
    }

    /// <summary>Finds what keeps an event out of the raw log, or returns null.</summary>
    /// <param name="record">The event.</param>
    public static Fault? FindFault(EventRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            EventEncoder.Validate(record);
            return null;
        }
        catch (TandemException e)
        {
            return e.Fault;
        }
    }

    /// <summary>Reads an event from its object.</summary>
    /// <param name="utf8">One JSON object; the keys may come in any order. A line's checksum (<c>~</c>) is not
    /// verified.</param>
    /// <exception cref="TandemException">EVT001, EVT002, EVT003: the bytes are not an allowed event.</exception>
    public static EventRecord Read(ReadOnlySpan<byte> utf8) => (_decoder ??= new EventDecoder()).Read(utf8);

    /// <summary>Throws unless bytes may be the data of an event.</summary>
    /// <param name="utf8">Any bytes.</param>
    /// <exception cref="TandemException">EVT001, EVT002, EVT003: they are not an allowed object.</exception>
    public static void DemandData(ReadOnlySpan<byte> utf8) =>
        RawJson.Validate("data", utf8, EventLimits.MaxDataBytes);

    /// <summary>Reads an event from its object, or says why it cannot.</summary>
    /// <param name="utf8">Any bytes.</param>
    /// <param name="record">The event, or null.</param>
    /// <param name="fault">Why not: EVT001, EVT002 or EVT003; null where there is an event.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out EventRecord? record, [NotNullWhen(false)] out Fault? fault)
    {
        try
        {
            record = Read(utf8);
            fault = null;
            return true;
        }
        catch (TandemException e)
        {
            record = null;
            fault = e.Fault;
            return false;
        }
    }
}
