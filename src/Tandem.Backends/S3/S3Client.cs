using Amazon.Runtime;
using Amazon.S3;

namespace Tandem.Backends.S3;

/// <summary>Makes the SDK's client: it signs and speaks; times and attempts are ours.</summary>
internal static class S3Client
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>Makes a client.</summary>
    /// <exception cref="Tandem.Faults.TandemException">BCK003: no credentials; BCK002: no region.</exception>
    public static AmazonS3Client Create(S3Options options)
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

        AWSCredentials credentials = options.Credentials ?? FindCredentials();
        try
        {
            return new AmazonS3Client(credentials, settings);
        }
        catch (AmazonClientException)
        {
            throw BackendErrors.BadSetting("AWS_REGION", "a region such as eu-central-1");
        }
    }

    private static AWSCredentials FindCredentials()
    {
        try
        {
            return FallbackCredentialsFactory.GetCredentials();
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException)
        {
            throw BackendErrors.NoCredentials();
        }
    }
}
