using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>An open database; closed when its last connection is gone too.</summary>
internal sealed unsafe class DuckDatabaseHandle : SafeHandle
{
    public DuckDatabaseHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        nint database = handle;
        NativeMethods.duckdb_close(&database);
        return true;
    }
}
