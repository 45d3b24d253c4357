using System.Diagnostics.CodeAnalysis;

namespace Tandem.Backends.S3;

/// <summary>An answer that was cut, or whose bytes are not those that were written: never believed, asked for
/// again.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the room: S3Requests translates it.")]
internal sealed class BrokenAnswerException : Exception
{
    private BrokenAnswerException(string message)
        : base(message)
    {
    }

    /// <summary>The recorded hash, where all bytes came and have another.</summary>
    public string? ExpectedHash { get; private init; }

    /// <summary>Hash of the bytes that came, where all came.</summary>
    public string? ActualHash { get; private init; }

    public static BrokenAnswerException Short(long expected, long actual) =>
        new(FormattableString.Invariant($"only {actual} of {expected} bytes came"));

    public static BrokenAnswerException Unmarked() => new("the answer carries no checksum");

    public static BrokenAnswerException Differs(string expected, string actual) =>
        new("the bytes do not have their checksum") { ExpectedHash = expected, ActualHash = actual };
}
