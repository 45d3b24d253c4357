using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Tandem.Server.Guard;

/// <summary>How much is taken at once: live streams by their number, all else by number in work and by rate.</summary>
internal static class RequestLimits
{
    private const string LivePath = "/v1/live";

    public static void Configure(RateLimiterOptions limiter, ServerOptions options)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, bool>(context => ByNumber(IsLive(context), options)),
            PartitionedRateLimiter.Create<HttpContext, bool>(context => ByRate(IsLive(context), options)));
        limiter.OnRejected = static (rejection, _) => new ValueTask(
            Problem.WriteAsync(rejection.HttpContext, [ServerErrors.TooMuch(Problem.RetrySeconds)]));
    }

    private static bool IsLive(HttpContext context) => context.Request.Path == LivePath;

    private static RateLimitPartition<bool> ByNumber(bool isLive, ServerOptions options) =>
        RateLimitPartition.GetConcurrencyLimiter(isLive, live => new ConcurrencyLimiterOptions
        {
            PermitLimit = live ? options.LiveStreams : options.ConcurrentRequests,
            QueueLimit = live ? 0 : options.ConcurrentRequests,
        });

    private static RateLimitPartition<bool> ByRate(bool isLive, ServerOptions options) => isLive
        ? RateLimitPartition.GetNoLimiter(isLive)
        : RateLimitPartition.GetTokenBucketLimiter(isLive, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.RequestsPerSecond,
            TokensPerPeriod = Math.Max(1, options.RequestsPerSecond / 10),
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
            QueueLimit = 0,
        });
}
