namespace Tandem.Faults;

/// <summary>Kinds of failure, so that a host can answer with the right status without knowing the code.</summary>
public enum FaultKind
{
    /// <summary>The input is wrong: fix it and send it again.</summary>
    Invalid = 0,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 1,

    /// <summary>Somebody else holds it or changed it first.</summary>
    Conflict = 2,

    /// <summary>Too much at once: try again later.</summary>
    Busy = 3,

    /// <summary>Parsed and valid, but this build does not run it yet.</summary>
    Unsupported = 4,

    /// <summary>Something outside is missing or unreachable: a disk, a library, a peer.</summary>
    Unavailable = 5,

    /// <summary>Stored bytes are not what was written.</summary>
    Damaged = 6,
}
