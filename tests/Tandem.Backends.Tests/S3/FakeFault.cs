namespace Tandem.Backends.Tests.S3;

/// <summary>What a hostile server does with a request.</summary>
internal enum FakeFault
{
    /// <summary>Answers 503 without a word.</summary>
    Unavailable,

    /// <summary>Answers 503 SlowDown.</summary>
    SlowDown,

    /// <summary>Never answers.</summary>
    Hang,

    /// <summary>Cuts the connection and does nothing.</summary>
    CutBefore,

    /// <summary>Carries the request out and cuts the connection before the answer.</summary>
    CutAfter,

    /// <summary>Announces the whole body, sends half, and cuts the connection.</summary>
    Truncate,

    /// <summary>Sends a body of the right length with one wrong byte.</summary>
    Garbage,

    /// <summary>Answers 200 with a page of HTML.</summary>
    Page,

    /// <summary>Answers 403, and repeats the caller's signature in its message.</summary>
    Denied,
}
