using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>Unpacks zstd frames, one after the other, as their bytes come in.</summary>
/// <remarks>Keeps at most the window that a frame asks for; more than 128 MiB is refused.</remarks>
internal sealed unsafe class ZstdDecoder : SafeHandle
{
    public ZstdDecoder()
        : base(0, ownsHandle: true) => SetHandle(ZstdMethods.ZSTD_createDCtx());

    /// <summary>True where DuckDB's library lets its zstd be called.</summary>
    public static bool IsSupported { get; } =
        NativeLibrary.TryGetExport(DuckLibrary.Load(), ZstdMethods.CreateName, out _);

    public override bool IsInvalid => handle == 0;

    /// <summary>Unpacks what it can.</summary>
    /// <param name="packed">The next bytes.</param>
    /// <param name="read">How many of them were used.</param>
    /// <param name="unpacked">Receives what they held.</param>
    /// <param name="written">How many bytes were written.</param>
    /// <returns>True where a frame is at its end and all of it was written.</returns>
    /// <exception cref="InvalidDataException">These are no zstd frames, or they were damaged.</exception>
    public bool Decode(ReadOnlySpan<byte> packed, out int read, Span<byte> unpacked, out int written)
    {
        fixed (byte* from = packed, to = unpacked)
        {
            ZstdBuffer input = new(from, packed.Length);
            ZstdBuffer output = new(to, unpacked.Length);
            nuint left = ZstdMethods.ZSTD_decompressStream(handle, &output, &input);
            if (ZstdMethods.ZSTD_isError(left) != 0)
            {
                string? why = Marshal.PtrToStringUTF8((nint)ZstdMethods.ZSTD_getErrorName(left));
                throw new InvalidDataException($"zstd says '{why}'.");
            }

            (read, written) = ((int)input.Position, (int)output.Position);
            return left == 0;
        }
    }

    protected override bool ReleaseHandle()
    {
        _ = ZstdMethods.ZSTD_freeDCtx(handle);
        return true;
    }
}
