using System.Runtime.InteropServices;

namespace Tandem.Inference.Native;

/// <summary>A reference to an image or operation of libvips.</summary>
internal sealed class VipsHandle : SafeHandle
{
    public VipsHandle(nint instance)
        : base(0, ownsHandle: true) => SetHandle(instance);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.g_object_unref(handle);
        return true;
    }
}
