using System.Runtime.InteropServices;
using Tandem.Inference.Native;

namespace Tandem.Inference.Tests.Pictures;

/// <summary>Bytes that stay where they are, for an operation that reads them.</summary>
internal sealed unsafe class PinnedBytes : IDisposable
{
    private readonly int _length;
    private GCHandle _pin;

    public PinnedBytes(byte[] bytes)
    {
        _length = bytes.Length;
        _pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
    }

    public VipsOperation Load(string loader) =>
        new VipsOperation(loader).Set("buffer", (byte*)_pin.AddrOfPinnedObject(), _length);

    public void Dispose() => _pin.Free();
}
