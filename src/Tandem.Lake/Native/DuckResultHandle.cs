using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>A result, kept in native memory so that its address never moves.</summary>
internal sealed unsafe class DuckResultHandle : SafeHandle
{
    public DuckResultHandle()
        : base(0, ownsHandle: true) => SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(DuckResult)));

    public override bool IsInvalid => handle == 0;

    public DuckResult* Result => (DuckResult*)handle;

    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_result(Result);
        NativeMemory.Free(Result);
        return true;
    }
}
