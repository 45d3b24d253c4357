using System.Diagnostics.CodeAnalysis;

namespace Tandem.Backends.RabbitMq;

/// <summary>Another connection writes the stream.</summary>
/// <param name="holder">Whose it is, as far as the stream tells.</param>
/// <param name="inner">The broker's answer.</param>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the room: RabbitFailures translates it.")]
internal sealed class StreamHeldException(string holder, Exception inner)
    : Exception("Another connection writes the stream.", inner)
{
    /// <summary>Whose it is.</summary>
    public string Holder { get; } = holder;
}
