namespace Tandem.Training;

/// <summary>Hash by which a sample takes a key as a whole or not at all.</summary>
internal static class KeyHash
{
    /// <summary>FNV-1a; its lowest bits, which depend on the fewest, are left out.</summary>
    public static ulong Of(ReadOnlySpan<byte> key)
    {
        ulong hash = 14695981039346656037UL;
        foreach (byte value in key)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return hash >> 16;
    }
}
