using Polly;
using Polly.Retry;
using Polly.Timeout;
using Tandem.Faults;

namespace Tandem.Backends.S3;

/// <summary>Makes requests: each attempt within its time, again after a transient failure with growing, jittered waits,
/// all within the deadline; what fails then is a fault with a code.</summary>
internal sealed class S3Requests
{
    private static readonly ResiliencePropertyKey<TimeSpan> Allowance = new("tandem.allowance");

    private readonly S3Options _options;
    private readonly ResiliencePipeline _pipeline;

    public S3Requests(S3Options options, TimeProvider clock)
    {
        _options = options;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddTimeout(Within(options.Deadline))
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static args => ValueTask.FromResult(S3Failures.IsTransient(args.Outcome.Exception)),
                MaxRetryAttempts = options.AttemptCount - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
            })
            .AddTimeout(Within(options.AttemptTimeout))
            .Build();
    }

    /// <summary>The address of an object, for messages.</summary>
    public string Place(string key) => $"s3://{_options.Address.Bucket}/{_options.Address.Prefix}{key}";

    /// <summary>Makes a request until it succeeds or is given up.</summary>
    /// <param name="doing">What it does, to begin a sentence.</param>
    /// <param name="key">The object, or the prefix.</param>
    /// <param name="bytes">Bytes that travel.</param>
    /// <param name="attempt">One attempt; told its number, from 1.</param>
    /// <param name="cancellationToken">Stops all of it.</param>
    /// <exception cref="TandemException">BCK004, BCK005, BCK006, BCK009; STO004: the bytes differ from their checksum
    /// at every attempt.</exception>
    public async ValueTask<T> RunAsync<T>(
        string doing, string key, long bytes, Func<int, CancellationToken, Task<T>> attempt,
        CancellationToken cancellationToken)
    {
        int attempts = 0;
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Allowance, TimeSpan.FromSeconds((double)bytes / _options.SlowestBytesPerSecond));
        try
        {
            return await _pipeline.ExecuteAsync(
                async inner => await attempt(++attempts, inner.CancellationToken).ConfigureAwait(false), context)
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOfServer(failure))
        {
            throw S3Failures.Translate(doing, Place(key), _options.Address.Bucket, attempts, failure);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool IsOfServer(Exception failure) =>
        S3Failures.IsTransient(failure) || failure is Amazon.Runtime.AmazonServiceException;

    private static TimeoutStrategyOptions Within(TimeSpan time) => new()
    {
        TimeoutGenerator = args => ValueTask.FromResult(
            time + args.Context.Properties.GetValue(Allowance, TimeSpan.Zero)),
    };
}
