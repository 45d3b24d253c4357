using System.Net.Sockets;
using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tandem.Faults;

namespace Tandem.Backends.Postgres;

/// <summary>What a failure of the server means. Its own texts are not repeated: they may name what was sent.</summary>
internal static class PostgresFailures
{
    /// <summary>True where the server, or the way to it, failed.</summary>
    public static bool IsOfServer(Exception? failure) => failure
        is NpgsqlException or TimeoutRejectedException or TimeoutException or BrokenCircuitException
        or SocketException or IOException;

    /// <summary>True where the next attempt may succeed: a lost connection, or a table that was swapped.</summary>
    public static bool IsTransient(Exception? failure) => failure is PostgresException refused
        ? refused.IsTransient || refused.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InternalError
        : failure is NpgsqlException or SocketException or IOException;

    /// <summary>True where the server says that there is no such schema or table.</summary>
    public static bool IsMissing(Exception? failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName,
    };

    /// <summary>The fault with which a request ends.</summary>
    /// <param name="place">The database, without user and password.</param>
    /// <param name="failure">How the last attempt ended.</param>
    public static TandemException Translate(string place, Exception failure) => failure switch
    {
        _ when IsMissing(failure) => BackendErrors.NotFilled(place),
        PostgresException { SqlState: ['2', '8', ..] or ['3', 'D', ..] or PostgresErrorCodes.InsufficientPrivilege } refused =>
            BackendErrors.PostgresRefused(place, refused.SqlState),
        PostgresException { SqlState: not ['5', '7', ..] } odd => BackendErrors.PostgresOdd(place, odd.SqlState),
        _ => BackendErrors.PostgresAway(place, Describe(failure)),
    };

    private static string Describe(Exception failure) => failure switch
    {
        TimeoutRejectedException or TimeoutException or { InnerException: TimeoutException } => "no answer in time",
        BrokenCircuitException => "it was away a moment ago and is not asked again yet",
        PostgresException => "the server is starting or stopping",
        { InnerException: SocketException socket } => $"the connection failed ({socket.SocketErrorCode})",
        SocketException socket => $"the connection failed ({socket.SocketErrorCode})",
        _ => "the connection was cut",
    };
}
