using Tandem.Backends.S3;
using Tandem.Faults;

namespace Tandem.Backends.Tests.S3;

public sealed class S3AddressTests
{
    [Theory]
    [InlineData("s3://bucket", "bucket", "")]
    [InlineData("s3://bucket/", "bucket", "")]
    [InlineData("s3://my-bucket.1/a/b", "my-bucket.1", "a/b/")]
    [InlineData("s3://bucket/prefix/", "bucket", "prefix/")]
    public void Parse_OfAnAddress_GivesItsParts(string text, string bucket, string prefix)
    {
        var address = S3Address.Parse(text);

        Assert.Equal(bucket, address.Bucket);
        Assert.Equal(prefix, address.Prefix);
        Assert.Equal(text.TrimEnd('/'), address.ToString());
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("s3:/bucket")]
    [InlineData("s3://")]
    [InlineData("s3://Bucket")]
    [InlineData("s3://b")]
    [InlineData("s3://-bucket")]
    [InlineData("s3://bucket//x")]
    [InlineData("s3://bucket/../x")]
    [InlineData("s3://bucket/a b")]
    [InlineData("https://bucket/x")]
    public void Parse_OfAnythingElse_IsRefused(string text)
    {
        TandemException refused = Assert.Throws<TandemException>(() => S3Address.Parse(text));

        Assert.Equal("BCK001", refused.Fault.Code);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("host:9000")]
    [InlineData("http://key:secret@host")]
    [InlineData("http://host/path")]
    public void Environment_WithAnEndpointThatIsNone_IsRefusedWithoutRepeatingIt(string endpoint)
    {
        using EnvironmentVariable variable = new("TANDEM__S3__ENDPOINT", endpoint);

        TandemException refused = Assert.Throws<TandemException>(() =>
            S3Options.FromEnvironment(S3Address.Parse("s3://bucket"), "x"));

        Assert.Equal("BCK002", refused.Fault.Code);
        Assert.DoesNotContain(endpoint, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_WithSettings_IsTaken()
    {
        using EnvironmentVariable endpoint = new("TANDEM__S3__ENDPOINT", "http://127.0.0.1:9000");
        using EnvironmentVariable cache = new("TANDEM__S3__CACHEBYTES", "12345");

        var options = S3Options.FromEnvironment(S3Address.Parse("s3://bucket"), "x");

        Assert.Equal(new Uri("http://127.0.0.1:9000"), options.Endpoint);
        Assert.Equal(12345, options.CacheBytes);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("10GB")]
    public void Environment_WithABoundThatIsNone_IsRefused(string bytes)
    {
        using EnvironmentVariable cache = new("TANDEM__S3__CACHEBYTES", bytes);

        TandemException refused = Assert.Throws<TandemException>(() =>
            S3Options.FromEnvironment(S3Address.Parse("s3://bucket"), "x"));

        Assert.Equal("BCK002", refused.Fault.Code);
    }

    /// <summary>Sets a variable of this process, and takes it back. Tests of one class run one after the
    /// other.</summary>
    private sealed class EnvironmentVariable : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public EnvironmentVariable(string name, string value)
        {
            _name = name;
            _before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
