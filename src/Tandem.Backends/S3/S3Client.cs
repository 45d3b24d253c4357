using Amazon.Runtime;
using Amazon.S3;

namespace Tandem.Backends.S3;

/// <summary>Makes the SDK's client: it signs and speaks; times and attempts are ours.</summary>
internal static class S3Client
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>Makes a client.</summary>
    /// <exception cref="Tandem.Faults.TandemException">BCK003: no credentials; BCK010: no region.</exception>
    public static async Task<AmazonS3Client> CreateAsync(S3Options options, CancellationToken cancellationToken)
    {
        AmazonS3Config settings = new()
        {
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            ForcePathStyle = options.Endpoint is not null,
        };
        if (options.Endpoint is { } endpoint)
        {
            settings.ServiceURL = endpoint.AbsoluteUri;
            settings.AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION") ?? DefaultRegion;
        }

        AWSCredentials credentials = await FindCredentialsAsync(options, cancellationToken).ConfigureAwait(false);
        try
        {
            return new AmazonS3Client(credentials, settings);
        }
        catch (AmazonClientException)
        {
            throw BackendErrors.NoRegion();
        }
    }

    // The chain ends with a role that is only asked for when it is used, so it is used once here.
    private static async Task<AWSCredentials> FindCredentialsAsync(
        S3Options options, CancellationToken cancellationToken)
    {
        try
        {
            AWSCredentials credentials = options.Credentials ?? FallbackCredentialsFactory.GetCredentials();
            await credentials.GetCredentialsAsync().WaitAsync(options.Deadline, cancellationToken).ConfigureAwait(false);
            return credentials;
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or TimeoutException)
        {
            throw BackendErrors.NoCredentials();
        }
    }
}
