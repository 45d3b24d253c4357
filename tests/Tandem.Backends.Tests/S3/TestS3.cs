using Amazon.Runtime;
using Tandem.Backends.S3;

namespace Tandem.Backends.Tests.S3;

/// <summary>The S3 server that tests run on: the real one that the environment names, or else the fake.</summary>
internal static class TestS3
{
    private static readonly string? RealAddress = Environment.GetEnvironmentVariable("TANDEM_TEST_S3");

    public static bool IsReal => !string.IsNullOrEmpty(RealAddress);

    /// <summary>Settings for a store of its own, below a prefix that no other test has, on the real server.</summary>
    public static S3Options Real(string folder) =>
        Options(new Uri(RealAddress!), folder) with { Credentials = RealCredentials() };

    /// <summary>Settings for a store on a fake server.</summary>
    public static S3Options Fake(FakeS3 server, string folder) =>
        Options(server.Address, folder) with { Credentials = new BasicAWSCredentials("FAKEACCESSKEY", "fake-secret-key") };

    private static S3Options Options(Uri endpoint, string folder) => new()
    {
        Address = S3Address.Parse($"s3://{FakeS3.Bucket}/{Path.GetFileName(Path.GetRandomFileName())}"),
        LocalFolder = folder,
        Endpoint = endpoint,
        PageSize = 3,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    private static BasicAWSCredentials RealCredentials() => new(
        Environment.GetEnvironmentVariable("TANDEM_TEST_S3_KEY"),
        Environment.GetEnvironmentVariable("TANDEM_TEST_S3_SECRET"));
}
