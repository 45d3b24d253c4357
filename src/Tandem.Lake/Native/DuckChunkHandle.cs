using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>A chunk of at most 2,048 rows.</summary>
internal sealed unsafe class DuckChunkHandle : SafeHandle
{
    public DuckChunkHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    /// <summary>The chunk; valid while its owner has not disposed it.</summary>
    public nint Chunk => handle;

    protected override bool ReleaseHandle()
    {
        nint chunk = handle;
        NativeMethods.duckdb_destroy_data_chunk(&chunk);
        return true;
    }
}
