namespace Tandem.Events;

/// <summary>How large an event and its parts may be. Larger ones are refused with EVT003.</summary>
public static class EventLimits
{
    /// <summary>Longest event id, request id and model version, in characters.</summary>
    public const int MaxIdLength = 128;

    /// <summary>Longest entity id, in characters.</summary>
    public const int MaxEntityIdLength = 256;

    /// <summary>Longest event type, entity name and tenant, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Most entities of one event.</summary>
    public const int MaxEntityCount = 16;

    /// <summary>Longest feature object, in bytes.</summary>
    public const int MaxFeaturesBytes = 256 * 1024;

    /// <summary>Longest data object, in bytes.</summary>
    public const int MaxDataBytes = 512 * 1024;

    /// <summary>Deepest nesting inside features and data; the object itself is 1.</summary>
    public const int MaxDepth = 16;

    /// <summary>Longest line of the raw log with its line end, in bytes.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    /// <summary>Most bytes that one append may take in the log.</summary>
    public const int MaxAppendBytes = 64 * 1024 * 1024;
}
