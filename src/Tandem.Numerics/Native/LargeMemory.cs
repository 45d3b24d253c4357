using System.Runtime.InteropServices;

namespace Tandem.Numerics.Native;

/// <summary>Zeroed memory outside the collector's heap, for tables that are met at random: of huge pages where the system
/// gives them, so that a look-up rarely waits for the translation of its address.</summary>
internal sealed unsafe class LargeMemory : SafeHandle
{
    private readonly nuint _length;

    /// <summary>Allocates.</summary>
    /// <param name="length">Bytes, ≥ 0.</param>
    public LargeMemory(long length)
        : base(0, ownsHandle: true)
    {
        _length = ((nuint)length + HugePages.Size) & ~(HugePages.Size - 1);
        SetHandle((nint)NativeMemory.AlignedAlloc(_length, HugePages.Size));
        HugePages.Ask(handle, _length);
        NativeMemory.Clear((void*)handle, _length);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The memory as elements of 8 bytes; valid until it is freed.</summary>
    /// <param name="count">Elements, within the memory.</param>
    public Span<ulong> Words(int count)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)count * sizeof(ulong), _length, nameof(count));
        return new Span<ulong>((void*)handle, count);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
