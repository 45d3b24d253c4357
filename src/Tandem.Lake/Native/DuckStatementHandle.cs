using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>A prepared statement.</summary>
internal sealed unsafe class DuckStatementHandle : SafeHandle
{
    public DuckStatementHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        nint statement = handle;
        NativeMethods.duckdb_destroy_prepare(&statement);
        return true;
    }
}
