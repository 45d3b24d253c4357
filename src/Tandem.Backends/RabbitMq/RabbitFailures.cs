using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly.Timeout;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Tandem.Faults;

namespace Tandem.Backends.RabbitMq;

/// <summary>What a lost or refused connection means. The broker's own texts are not repeated: they may name what was
/// sent.</summary>
internal static class RabbitFailures
{
    /// <summary>True where the broker, or the way to it, failed.</summary>
    public static bool IsOfBroker(Exception? failure) => failure
        is BrokerUnreachableException or RabbitMQClientException or StreamHeldException or StreamRefusedException
        or TimeoutRejectedException or TimeoutException or SocketException or EndOfStreamException
        or ObjectDisposedException or IOException { InnerException: SocketException };

    /// <summary>True where trying again cannot help while a process starts: it would only delay the answer.</summary>
    public static bool IsRefusal(Exception failure) => Find<AuthenticationFailureException>(failure) is not null
        || ReplyCode(failure) is Constants.AccessRefused or Constants.NotAllowed or Constants.PreconditionFailed;

    /// <summary>The fault with which opening ends.</summary>
    /// <param name="place">The stream, without user and password.</param>
    /// <param name="failure">How the last attempt ended.</param>
    public static TandemException Translate(string place, Exception failure) => failure switch
    {
        StreamHeldException held => BackendErrors.StreamHeld(place, held.Holder),
        _ when ReplyCode(failure) == Constants.PreconditionFailed => BackendErrors.NotAStream(place),
        _ when IsRefusal(failure) => BackendErrors.AmqpRefused(place, Describe(failure)),
        _ => BackendErrors.BrokerAway(place, Describe(failure)),
    };

    /// <summary>A failure in a few words of ours.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        StreamHeldException held => $"the log is held by {held.Holder}",
        StreamRefusedException => failure.Message,
        TimeoutRejectedException or TimeoutException => "no answer in time",
        _ when Find<AuthenticationFailureException>(failure) is not null => "the user or the password is wrong",
        _ when Find<AuthenticationException>(failure) is not null => "no encrypted connection came about",
        _ when Find<SocketException>(failure) is { } socket => $"the connection failed ({socket.SocketErrorCode})",
        _ when ReplyCode(failure) is { } code =>
            string.Create(CultureInfo.InvariantCulture, $"the broker answered {code}"),
        _ => "the connection was cut",
    };

    private static int? ReplyCode(Exception failure) => Find<OperationInterruptedException>(failure)?.ShutdownReason?.ReplyCode;

    private static T? Find<T>(Exception failure)
        where T : Exception
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            if (at is T found)
            {
                return found;
            }
        }

        return null;
    }
}
