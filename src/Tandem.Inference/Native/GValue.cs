using System.Runtime.InteropServices;

namespace Tandem.Inference.Native;

/// <summary>GObject's <c>GValue</c>: a type and 16 bytes that only GObject reads; all zero before it is set up.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct GValue
{
    /// <summary>The type; keeps the alignment at 8.</summary>
    public nuint Kind;
}
