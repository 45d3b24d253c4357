using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>Bytes to read from or write to, and how far that has come: <c>ZSTD_inBuffer</c> and
/// <c>ZSTD_outBuffer</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZstdBuffer(byte* bytes, int length)
{
    public byte* Bytes = bytes;
    public nuint Length = (nuint)length;
    public nuint Position;
}
