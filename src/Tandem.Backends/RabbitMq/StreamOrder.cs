using Tandem.Events;

namespace Tandem.Backends.RabbitMq;

/// <summary>Makes one log of a stream's messages: which of them count, each once and in order.</summary>
/// <remarks>A fence makes its session the only one that counts, so what a writer left on its way when it was cut off does
/// not. Within a session what was sent again has the position of the first time, and is passed over.</remarks>
internal sealed class StreamOrder
{
    private readonly string _place;
    private readonly StreamMark? _from;
    private string? _session;
    private bool _isBegun;

    /// <summary>Begins at a mark.</summary>
    /// <param name="place">The stream, for messages.</param>
    /// <param name="from">The mark, or null for the first segment that the stream holds.</param>
    public StreamOrder(string place, StreamMark? from)
    {
        _place = place;
        _from = from;
        _session = from?.Session;
        Log = from?.Log;
        End = from?.Position;
    }

    /// <summary>Name of the log, once it is known.</summary>
    public string? Log { get; private set; }

    /// <summary>Position behind the last line that counts, once there is one.</summary>
    public long? End { get; private set; }

    /// <summary>Takes the next message of the stream.</summary>
    /// <returns>True where its lines are the next of the log.</returns>
    /// <exception cref="Faults.TandemException">BCK017: lines are missing; BCK019: it is another
    /// log.</exception>
    public bool Take(StreamMessage message)
    {
        DemandMark(message);
        if (message.IsFence)
        {
            _session = message.Session;
            return false;
        }

        // The stream's own beginning may be gone, and with it the first fence.
        _session ??= message.Session;
        if (message.Session != _session)
        {
            return false;
        }

        Log ??= message.Log;
        if (message.Log != Log)
        {
            throw BackendErrors.OtherStream(_place);
        }

        if (End is null && SegmentHeader.Begins(message.Bytes.Span))
        {
            End = message.Position;
        }

        if (End is not { } end || message.Position < end)
        {
            return false;
        }

        End = message.Position == end
            ? end + message.Bytes.Length
            : throw BackendErrors.StreamGap(_place, end, message.Position);
        return true;
    }

    // The message that a mark names stays where it is for as long as the stream keeps it.
    private void DemandMark(StreamMessage first)
    {
        if (_isBegun || _from is null)
        {
            return;
        }

        _isBegun = true;
        if (first.Offset != _from.Offset)
        {
            throw BackendErrors.StreamGap(_place, _from.Position, first.Position);
        }

        if (first.Session != _from.Session)
        {
            throw BackendErrors.OtherStream(_place);
        }
    }
}
