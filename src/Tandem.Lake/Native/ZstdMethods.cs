using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>The zstd that DuckDB's library carries and exports, as far as unpacking uses it. The names are those that a
/// C++ compiler for Linux and macOS gives to the functions of <c>zstd.h</c> in DuckDB's own namespace; the library is
/// pinned, and where another one hides them <see cref="ZstdDecoder.IsSupported"/> is false.</summary>
internal static unsafe partial class ZstdMethods
{
    /// <summary>The first name that is looked up.</summary>
    public const string CreateName = "_ZN11duckdb_zstd15ZSTD_createDCtxEv";

    [LibraryImport(NativeMethods.Library, EntryPoint = CreateName)]
    public static partial nint ZSTD_createDCtx();

    [LibraryImport(NativeMethods.Library, EntryPoint = "_ZN11duckdb_zstd13ZSTD_freeDCtxEPNS_11ZSTD_DCtx_sE")]
    public static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(
        NativeMethods.Library,
        EntryPoint = "_ZN11duckdb_zstd21ZSTD_decompressStreamEPNS_11ZSTD_DCtx_sEPNS_16ZSTD_outBuffer_sE" +
            "PNS_15ZSTD_inBuffer_sE")]
    public static partial nuint ZSTD_decompressStream(nint context, ZstdBuffer* output, ZstdBuffer* input);

    [LibraryImport(NativeMethods.Library, EntryPoint = "_ZN11duckdb_zstd12ZSTD_isErrorEm")]
    public static partial uint ZSTD_isError(nuint code);

    [LibraryImport(NativeMethods.Library, EntryPoint = "_ZN11duckdb_zstd17ZSTD_getErrorNameEm")]
    public static partial byte* ZSTD_getErrorName(nuint code);
}
