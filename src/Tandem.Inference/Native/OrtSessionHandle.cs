using System.Runtime.InteropServices;

namespace Tandem.Inference.Native;

/// <summary>A loaded model; freed when it is disposed and the last run has ended.</summary>
internal sealed class OrtSessionHandle : SafeHandle
{
    private readonly OrtApi _api;

    public OrtSessionHandle(OrtApi api, nint session)
        : base(0, ownsHandle: true)
    {
        _api = api;
        SetHandle(session);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _api.ReleaseSession(handle);
        return true;
    }
}
