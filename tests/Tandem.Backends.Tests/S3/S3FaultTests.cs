using Tandem.Backends.S3;
using Tandem.Faults;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Backends.Tests.S3;

/// <summary>A server that is slow, refuses, cuts connections or lies: survived or reported, never believed.</summary>
public sealed class S3FaultTests : IAsyncLifetime, IDisposable
{
    private const int Attempts = 4;

    private readonly TestFolder _folder = new();
    private FakeS3? _server;
    private S3Store? _store;
    private S3Options? _options;

    private FakeS3 Server => _server!;

    private S3Store Store => _store!;

    private S3Options Options => _options!;

    public async Task InitializeAsync()
    {
        _server = await FakeS3.StartAsync();
        _options = TestS3.Fake(Server, _folder["local"]) with { AttemptCount = Attempts };
        _store = await S3Store.OpenAsync(Options);
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Unavailable")]
    [InlineData("SlowDown")]
    [InlineData("CutBefore")]
    [InlineData("Truncate")]
    [InlineData("Garbage")]
    [InlineData("Page")]
    public async Task Reading_WhereTheServerFailsTwice_GivesTheRightBytes(string fault)
    {
        byte[] content = Noise(300_000);
        await Store.PutAsync("k", content);

        Server.Fail("GET", Enum.Parse<FakeFault>(fault), 2);
        byte[] streamed = await Store.GetAsync("k");
        Server.Fail("GET", Enum.Parse<FakeFault>(fault), 2);
        byte[] file = await File.ReadAllBytesAsync(await Store.LocalPathAsync("k"));

        Assert.Equal(content, streamed);
        Assert.Equal(content, file);
        Assert.Equal(6, Server.Calls("GET"));
    }

    [Theory]
    [InlineData("Unavailable", "BCK006", FaultKind.Unavailable)]
    [InlineData("CutBefore", "BCK006", FaultKind.Unavailable)]
    [InlineData("Truncate", "BCK006", FaultKind.Unavailable)]
    [InlineData("Garbage", "STO004", FaultKind.Damaged)]
    [InlineData("Denied", "BCK004", FaultKind.Unavailable)]
    public async Task Reading_WhereTheServerGoesOnFailing_IsReported(string fault, string code, FaultKind kind)
    {
        await Store.PutAsync("k", Noise(300_000));
        Server.Fail("GET", Enum.Parse<FakeFault>(fault), 100);

        TandemException streamed = await Assert.ThrowsAsync<TandemException>(async () => await Store.GetAsync("k"));
        TandemException file = await Assert.ThrowsAsync<TandemException>(async () => await Store.LocalPathAsync("k"));

        Assert.Equal((code, kind), (streamed.Fault.Code, streamed.Fault.Kind));
        Assert.Equal(code, file.Fault.Code);
        Assert.Contains("/k", file.Fault.Place, StringComparison.Ordinal);
        Assert.Equal(code == "BCK004" ? 2 : 2 * Attempts, Server.Calls("GET"));
        Assert.Empty(Directory.GetFiles(Store.StagingFolder));
        Assert.Empty(Cached());
    }

    [Fact]
    public async Task Reading_WhereTheServerNeverAnswers_IsGivenUpAndTriedAgain()
    {
        await Store.PutAsync("k", Noise(10));
        using S3Store impatient = await S3Store.OpenAsync(
            Options with { AttemptTimeout = TimeSpan.FromSeconds(1), SlowestBytesPerSecond = 1 << 30 });

        Server.Fail("GET", FakeFault.Hang, 1);
        byte[] read = await impatient.GetAsync("k");
        Server.Fail("GET", FakeFault.Hang, 100);
        TandemException failed = await Assert.ThrowsAsync<TandemException>(async () => await impatient.GetAsync("k"));

        Assert.Equal(Noise(10), read);
        Assert.Equal("BCK006", failed.Fault.Code);
        Assert.Contains("no whole answer in time", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_PastTheDeadline_IsGivenUpBeforeTheLastAttempt()
    {
        await Store.PutAsync("k", Noise(10));
        using S3Store hasty = await S3Store.OpenAsync(Options with
        {
            AttemptCount = 1000,
            AttemptTimeout = TimeSpan.FromSeconds(1),
            Deadline = TimeSpan.FromSeconds(3),
            SlowestBytesPerSecond = 1 << 30,
        });
        Server.Fail("GET", FakeFault.Hang, 1000);

        TandemException failed = await Assert.ThrowsAsync<TandemException>(async () => await hasty.GetAsync("k"));

        Assert.Equal("BCK006", failed.Fault.Code);
        Assert.InRange(Server.Calls("GET"), 1, 10);
    }

    [Fact]
    public async Task Reading_WhenTheCallerStops_Stops()
    {
        await Store.PutAsync("k", Noise(10));
        Server.Fail("GET", FakeFault.Hang, 100);
        using CancellationTokenSource stop = new();

        Task<byte[]> reading = Store.GetAsync("k", stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData("Unavailable")]
    [InlineData("SlowDown")]
    [InlineData("CutBefore")]
    [InlineData("CutAfter")]
    public async Task Writing_WhereTheServerFailsTwice_StoresTheBytes(string fault)
    {
        byte[] content = Noise(100_000);

        Server.Fail("PUT", Enum.Parse<FakeFault>(fault), 2);
        await Store.PutAsync("k", content);
        Server.Fail("PUT", Enum.Parse<FakeFault>(fault), 2);
        bool won = await Store.TryPutAsync("new", content);

        Assert.True(won);
        Assert.Equal(content, await Store.GetAsync("k"));
        Assert.Equal(content, await Store.GetAsync("new"));
    }

    [Fact]
    public async Task TryPutAsync_WhereAnotherWonAndOurAnswerIsLost_KnowsThatItLost()
    {
        await Store.TryPutAsync("k", "first"u8.ToArray());

        Server.Fail("PUT", FakeFault.CutAfter, 1);
        bool won = await Store.TryPutAsync("k", "first"u8.ToArray());

        Assert.False(won);
    }

    [Fact]
    public async Task Deleting_WhereTheAnswerIsLost_Deletes()
    {
        await Store.PutAsync("k", Noise(10));

        Server.Fail("DELETE", FakeFault.CutAfter, 1);
        await Store.DeleteAsync("k");

        Assert.Null(await Store.FindAsync("k"));
    }

    [Theory]
    [InlineData("Unavailable")]
    [InlineData("Page")]
    [InlineData("Truncate")]
    public async Task Listing_WhereTheServerFailsTwice_GivesEveryName(string fault)
    {
        foreach (string key in (string[])["a", "b", "c", "d"])
        {
            await Store.PutAsync(key, Noise(1));
        }

        Server.Fail("GET", Enum.Parse<FakeFault>(fault), 2);

        Assert.Equal(["a", "b", "c", "d"], await Store.ListAsync("").Select(entry => entry.Key).ToArrayAsync());
    }

    [Fact]
    public async Task Listing_OutOfOrder_IsNotBelieved()
    {
        await Store.PutAsync("a", Noise(1));
        await Store.PutAsync("b", Noise(1));
        Server.ListsBackwards = true;

        TandemException odd = await Assert.ThrowsAsync<TandemException>(async () =>
            await Store.ListAsync("").ToListAsync());

        Assert.Equal("BCK009", odd.Fault.Code);
    }

    [Theory]
    [InlineData("PUT", "CutAfter")]
    [InlineData("PUT", "SlowDown")]
    [InlineData("POST", "Unavailable")]
    [InlineData("POST", "CutBefore")]
    public async Task WritingInParts_WhereTheServerFails_StoresTheBytes(string method, string fault)
    {
        byte[] content = Noise(11 << 20);
        S3Options options = Options with { PartBytes = 5 << 20 };
        using S3Store parts = await S3Store.OpenAsync(options);

        Server.Fail(method, Enum.Parse<FakeFault>(fault), 2);
        await parts.PutAsync("big", content);

        using S3Store other = await S3Store.OpenAsync(options with { LocalFolder = _folder["other"] });
        Assert.Equal(content, await other.GetAsync("big"));
    }

    [Fact]
    public async Task WritingInParts_WhereTheLastAnswerIsLost_KnowsThatItIsDone()
    {
        byte[] content = Noise(6 << 20);
        using S3Store parts = await S3Store.OpenAsync(Options with { PartBytes = 5 << 20 });
        Server.Fail("JOIN", FakeFault.CutAfter);

        await parts.PutAsync("big", content);

        Assert.Equal(content.Length, (await parts.FindAsync("big"))?.Bytes);
        Assert.Equal(0, Server.OpenUploads);
    }

    [Fact]
    public async Task WritingInParts_ThatFails_GivesThePartsUpAndLeavesNoObject()
    {
        using S3Store parts = await S3Store.OpenAsync(Options with { PartBytes = 5 << 20 });
        Server.Fail("PUT", FakeFault.Unavailable, 100);

        TandemException failed = await Assert.ThrowsAsync<TandemException>(async () =>
            await parts.PutAsync("big", Noise(6 << 20)));

        Assert.Equal("BCK006", failed.Fault.Code);
        Assert.Equal(0, Server.OpenUploads);
        Assert.Null(await parts.FindAsync("big"));
    }

    [Fact]
    public async Task Failures_NeverRepeatWhoAsks()
    {
        Server.Fail("HEAD", FakeFault.Unavailable, Attempts);
        Exception unavailable = await Assert.ThrowsAsync<TandemException>(async () => await Store.FindAsync("k"));
        Server.Fail("PUT", FakeFault.Denied);
        Exception denied = await Assert.ThrowsAsync<TandemException>(async () => await Store.PutAsync("k", Noise(1)));
        Server.Fail("DELETE", FakeFault.CutBefore, Attempts);
        Exception cut = await Assert.ThrowsAsync<TandemException>(async () => await Store.DeleteAsync("k"));

        foreach (Exception failure in (Exception[])[unavailable, denied, cut])
        {
            Assert.DoesNotContain("FAKEACCESSKEY", failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("fake-secret-key", failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("AWS4-HMAC", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenAsync_OfAServerThatIgnoresConditions_IsRefusedEveryTime()
    {
        Server.HonoursConditions = false;
        S3Options options = Options with { Address = S3Address.Parse("s3://tandem-test/fresh") };

        for (int n = 0; n < 2; n++)
        {
            TandemException refused = await Assert.ThrowsAsync<TandemException>(() => S3Store.OpenAsync(options));
            Assert.Equal("BCK008", refused.Fault.Code);
        }
    }

    [Fact]
    public async Task Reading_OfAnObjectThatAnotherProgramWrote_IsRefused()
    {
        Server.Plant(Options.Address.Prefix + "k", "who knows");

        TandemException streamed = await Assert.ThrowsAsync<TandemException>(async () => await Store.GetAsync("k"));
        TandemException file = await Assert.ThrowsAsync<TandemException>(async () => await Store.LocalPathAsync("k"));

        Assert.Equal("BCK007", streamed.Fault.Code);
        Assert.Equal("BCK007", file.Fault.Code);
    }

    [Fact]
    public async Task OpenAsync_WhereNobodyListens_IsReported()
    {
        S3Options options = Options with { Endpoint = new Uri("http://127.0.0.1:1") };

        TandemException failed = await Assert.ThrowsAsync<TandemException>(() => S3Store.OpenAsync(options));

        Assert.Equal("BCK006", failed.Fault.Code);
        Assert.Contains("ConnectionRefused", failed.Message, StringComparison.Ordinal);
    }

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private string[] Cached() =>
        [.. Directory.GetFiles(_folder["local/cache"], "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))];
}
