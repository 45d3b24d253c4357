using System.Diagnostics.CodeAnalysis;

namespace Tandem.Inference.Native;

/// <summary>libvips refused; <see cref="Exception.Message"/> is its reason. Never leaves this room.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It is caught at the room's door, where it becomes a fault.")]
internal sealed class VipsException : Exception
{
    public VipsException(string message)
        : base(message)
    {
    }
}
