namespace Tandem.Features;

/// <summary>What the series of an online store take.</summary>
/// <param name="Bytes">Bytes of memory, about; ids and texts beside them are not counted.</param>
/// <param name="Limit">Bytes that they may take.</param>
/// <param name="DiskBytes">Bytes of the file that holds the others.</param>
/// <param name="Hits">Reads and events that met their series in memory.</param>
/// <param name="Misses">Reads and events that had to unpack it, from a snapshot or from the disk.</param>
/// <param name="Evictions">Series that went to the disk.</param>
/// <param name="Refusals">Times that the disk took none, and the series stayed beyond the limit.</param>
/// <param name="Kept">Reads that found the numbers of an entity as they were computed before.</param>
public sealed record FeatureMemory(
    long Bytes, long Limit, long DiskBytes, long Hits, long Misses, long Evictions, long Refusals,
    long Kept);
