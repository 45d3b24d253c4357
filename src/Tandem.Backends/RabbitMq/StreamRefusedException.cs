using System.Diagnostics.CodeAnalysis;

namespace Tandem.Backends.RabbitMq;

/// <summary>The broker did not take a message that reached it.</summary>
/// <param name="why">In words of ours.</param>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the room: RabbitFailures translates it.")]
internal sealed class StreamRefusedException(string why) : Exception(why);
