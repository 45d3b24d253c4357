namespace Tandem.Events;

/// <summary>Bytes of a segment that are not as they were written.</summary>
/// <param name="Path">The segment.</param>
/// <param name="Offset">First of them in the segment.</param>
/// <param name="Length">How many there are, those that are missing from the file included.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Before">When the last whole event before them became known, or null where there is none in the
/// segment.</param>
/// <param name="After">When the first whole event behind them became known, or null where there is none in the
/// segment.</param>
/// <param name="KeptAt">The file that keeps the bytes, once they are repaired; null before, and where none were
/// there.</param>
public sealed record JournalDamage(
    string Path, long Offset, long Length, JournalDamageKind Kind, DateTimeOffset? Before, DateTimeOffset? After,
    string? KeptAt = null);
