using System.Text;
using Tandem.Backends.S3;
using Tandem.Faults;
using Tandem.Storage;
using Tandem.Storage.Tests;

namespace Tandem.Backends.Tests.S3;

/// <summary>The suite of every store, and what only S3 does: on the real server where one was started, or else on the
/// fake.</summary>
public sealed class S3StoreTests : ObjectStoreConformance, IAsyncLifetime
{
    private FakeS3? _fake;
    private S3Options? _options;
    private S3Store? _store;

    protected override IObjectStore Store => _store!;

    private string Local => Path.Combine(Folder, "local");

    public async Task InitializeAsync()
    {
        _fake = TestS3.IsReal ? null : await FakeS3.StartAsync();
        _options = _fake is null ? TestS3.Real(Local) : TestS3.Fake(_fake, Local);
        _store = await S3Store.OpenAsync(_options);
    }

    public async Task DisposeAsync()
    {
        _store?.Dispose();
        if (_fake is not null)
        {
            await _fake.DisposeAsync();
        }
    }

    [CephFact]
    public void Suite_OfEveryStore_RanOnTheRealServer() => Assert.Null(_fake);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12 << 20)]
    public async Task PutFileAsync_OfAnyLength_GivesTheSameBytesElsewhere(int length)
    {
        byte[] content = Noise(length);
        using S3Store here = await OpenAsync("here", options => options with { PartBytes = 5 << 20 });
        using S3Store there = await OpenAsync("there", options => options);
        string path = Path.Combine(here.StagingFolder, "big");
        await File.WriteAllBytesAsync(path, content);

        await here.PutFileAsync("big", path);

        Assert.Equal(content, await File.ReadAllBytesAsync(await there.LocalPathAsync("big")));
        Assert.Equal(content, await there.GetAsync("big"));
    }

    [Fact]
    public async Task DeleteAsync_OfWhatWasRead_LeavesNoCopy()
    {
        await Store.PutAsync("k", Noise(1000));
        string path = await Store.LocalPathAsync("k");
        Assert.True(File.Exists(path));

        await Store.DeleteAsync("k");

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task PutAsync_OfMoreThanOnePart_GivesTheSameBytes()
    {
        byte[] content = Noise((5 << 20) + 1);
        using S3Store part = await OpenAsync("parts", options => options with { PartBytes = 5 << 20 });

        await part.PutAsync("big", content);

        Assert.Equal(content, await Store.GetAsync("big"));
        Assert.Empty(Directory.GetFiles(part.StagingFolder));
    }

    [Theory]
    [InlineData(0L, 10L)]
    [InlineData(1_500_000L, 20L)]
    [InlineData(1_999_990L, 100L)]
    public async Task OpenAsync_WithARangeOfALargeObject_GivesThoseBytes(long offset, long length)
    {
        byte[] content = Noise(2_000_000);
        await Store.PutAsync("large", content);

        await using Stream stream = await Store.OpenAsync("large", offset, length);
        using MemoryStream read = new();
        await stream.CopyToAsync(read);

        Assert.Equal(content.Skip((int)offset).Take((int)length), read.ToArray());
    }

    [Fact]
    public async Task LocalPathAsync_AfterTheObjectChanged_GivesTheNewBytes()
    {
        await Store.PutAsync("k", "one"u8.ToArray());
        string first = await Store.LocalPathAsync("k");
        await Store.PutAsync("k", "two"u8.ToArray());

        string second = await Store.LocalPathAsync("k");

        Assert.Equal("one", await File.ReadAllTextAsync(first));
        Assert.Equal("two", await File.ReadAllTextAsync(second));
    }

    [Fact]
    public async Task LocalPathAsync_WithAnotherHashThanTheObjects_SaysSo()
    {
        await Store.PutAsync("k", "one"u8.ToArray());

        TandemException differs = await Assert.ThrowsAsync<TandemException>(async () =>
            await Store.LocalPathAsync("k", ContentHash.Of("two"u8)));

        Assert.Equal("STO004", differs.Fault.Code);
        Assert.Equal(FaultKind.Damaged, differs.Fault.Kind);
    }

    [Fact]
    public async Task LocalPathAsync_WithTheHash_GivesTheBytes()
    {
        await Store.PutAsync("k", "one"u8.ToArray());

        string path = await Store.LocalPathAsync("k", ContentHash.Of("one"u8));

        Assert.Equal("one", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task ListAsync_OfManyPages_GivesEveryNameOnce()
    {
        string[] keys = [.. Enumerable.Range(0, 10).Select(n => $"part/{n:D3}=+@~")];
        foreach (string key in keys)
        {
            await Store.PutAsync(key, Encoding.UTF8.GetBytes(key));
        }

        List<ObjectEntry> listed = await Store.ListAsync("part/").ToListAsync();

        Assert.Equal(keys, listed.Select(entry => entry.Key), StringComparer.Ordinal);
        Assert.All(listed, entry => Assert.Equal(entry.Key.Length, entry.Bytes));
    }

    [Fact]
    public async Task OpenAsync_OfABucketThatIsNotThere_SaysSo()
    {
        S3Options options = _options! with { Address = S3Address.Parse("s3://no-such-bucket-here/x") };

        TandemException missing = await Assert.ThrowsAsync<TandemException>(() => S3Store.OpenAsync(options));

        Assert.Equal("BCK005", missing.Fault.Code);
        Assert.Contains("no-such-bucket-here", missing.Message, StringComparison.Ordinal);
    }

    [CephFact]
    public async Task OpenAsync_WithAWrongSecret_IsRefusedWithoutRepeatingIt()
    {
        S3Options options = _options! with
        {
            Credentials = new Amazon.Runtime.BasicAWSCredentials("TANDEMTESTKEY", "not-the-secret"),
        };

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => S3Store.OpenAsync(options));

        Assert.Equal("BCK004", refused.Fault.Code);
        Assert.DoesNotContain("not-the-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("TANDEMTESTKEY", refused.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private Task<S3Store> OpenAsync(string folder, Func<S3Options, S3Options> change) =>
        S3Store.OpenAsync(change(_options! with { LocalFolder = Path.Combine(Folder, folder) }));
}
