using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>A connection, for one thread at a time.</summary>
internal sealed unsafe class DuckConnectionHandle : SafeHandle
{
    public DuckConnectionHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        nint connection = handle;
        NativeMethods.duckdb_disconnect(&connection);
        return true;
    }
}
