namespace Tandem.Events;

/// <summary>How much of the raw log is kept once the lake holds it and every reader has read it.</summary>
/// <remarks>Where both limits are given, whichever is met first removes a segment. Without any, nothing is
/// removed.</remarks>
public sealed record JournalRetention
{
    /// <summary>How long events stay after they became known, at least zero; null for ever.</summary>
    public TimeSpan? Age
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? default, TimeSpan.Zero, nameof(value));
            field = value;
        }
    }

    /// <summary>Bytes that the log may take, at least 0: beyond them the oldest segments go; null for any
    /// number.</summary>
    public long? Bytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(value));
            field = value;
        }
    }

    /// <summary>True where nothing is ever removed.</summary>
    public bool IsOff => Age is null && Bytes is null;
}
