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
    public void ParseEndpoint_OfAnythingButHostAndPort_IsRefusedWithoutRepeatingIt(string endpoint)
    {
        TandemException refused = Assert.Throws<TandemException>(() => S3Options.ParseEndpoint(endpoint));

        Assert.Equal("BCK002", refused.Fault.Code);
        Assert.DoesNotContain(endpoint, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ParseEndpoint_OfHostAndPort_GivesIt() =>
        Assert.Equal(new Uri("http://127.0.0.1:9000"), S3Options.ParseEndpoint("http://127.0.0.1:9000"));
}
