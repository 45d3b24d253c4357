using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tandem.Server.Routes;

namespace Tandem.Server.Guard;

/// <summary>Lets requests through that carry a key, or, without keys, that call this machine by its own name.</summary>
/// <remarks>The name is checked against web pages elsewhere that point a name of theirs at the loopback address. Keys
/// are compared by hash in constant time, all of them, whichever matches.</remarks>
internal sealed class KeyGuard
{
    private const string Bearer = "Bearer ";

    private static readonly string[] Guarded = ["/v1", "/metrics", "/openapi", .. OnlineRoutes.Paths];

    private readonly byte[][] _hashes;

    public KeyGuard(IReadOnlyList<string> keys)
    {
        _hashes = [.. keys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_hashes.Length == 0)
        {
            return IsThisMachine(context.Request.Host.Host)
                ? next(context)
                : Problem.WriteAsync(
                    context, [ServerErrors.HostNotAllowed(context.Request.Host.Host)], StatusCodes.Status403Forbidden);
        }

        bool isGuarded =
            Guarded.Any(prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));
        return !isGuarded || IsKnown(Sent(context.Request.Headers))
            ? next(context)
            : Problem.WriteAsync(context, [ServerErrors.KeyMissing()], StatusCodes.Status401Unauthorized);
    }

    private static bool IsThisMachine(string host) => host is "localhost" or "127.0.0.1" or "[::1]";

    private static string? Sent(IHeaderDictionary headers)
    {
        string? authorization = headers.Authorization;
        return authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? authorization[Bearer.Length..].Trim()
            : (string?)headers["X-Api-Key"];
    }

    private bool IsKnown(string? key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key ?? ""), hash);
        bool isKnown = false;
        foreach (byte[] known in _hashes)
        {
            isKnown |= CryptographicOperations.FixedTimeEquals(known, hash);
        }

        return isKnown;
    }
}
