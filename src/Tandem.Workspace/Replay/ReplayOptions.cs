namespace Tandem.Workspace.Replay;

/// <summary>Where events are sent, and how fast.</summary>
public sealed record ReplayOptions
{
    /// <summary>Address of the running service.</summary>
    public required Uri Url { get; init; }

    /// <summary>How many times as fast as they happened, above 0; default 1.</summary>
    public double Speed
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    }
    = 1;

    /// <summary>Only events from this moment on; null for the first.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only events before this moment; null for the last.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>API key of the service, or null.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Requests at once, at least 1; default 4.</summary>
    public int Connections
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 4;
}
