using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>An appender; what was not flushed is given up.</summary>
internal sealed unsafe class DuckAppenderHandle : SafeHandle
{
    public DuckAppenderHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        nint appender = handle;
        return NativeMethods.duckdb_appender_destroy(&appender) == 0;
    }
}
