namespace Tandem.Events;

/// <summary>What is wrong with bytes of a segment, and so what repairing does.</summary>
public enum JournalDamageKind
{
    /// <summary>The header: it is written again; nothing is lost.</summary>
    Header = 0,

    /// <summary>Lines, or bytes that the file lacks: a gap takes their place, and the events in them are lost.</summary>
    Lines = 1,

    /// <summary>The end of the last segment, as a crash tears it: it is cut; it was not acknowledged, unless something
    /// damaged it later.</summary>
    Tail = 2,

    /// <summary>Bytes behind the place where the next segment begins: they are cut.</summary>
    Surplus = 3,
}
