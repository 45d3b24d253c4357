namespace Tandem.Events;

/// <summary>What may still need old events of the log.</summary>
public enum JournalHoldKind
{
    /// <summary>The lake does not hold them yet.</summary>
    Lake = 0,

    /// <summary>A named reader has not read them yet.</summary>
    NamedReader = 1,

    /// <summary>A reader of this process has not read them yet.</summary>
    Reader = 2,

    /// <summary>Their ids are among those within which an event sent again is recognised.</summary>
    Ids = 3,
}
