using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>One row of a list vector: where its values lie in the child vector.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct DuckListEntry(ulong offset, ulong length)
{
    /// <summary>First value.</summary>
    public readonly ulong Offset = offset;

    /// <summary>Values that follow.</summary>
    public readonly ulong Length = length;
}
