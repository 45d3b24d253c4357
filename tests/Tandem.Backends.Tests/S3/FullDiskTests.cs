using Tandem.Backends.S3;
using Tandem.Faults;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Backends.Tests.S3;

/// <summary>The local half of a store in S3 on a disk that becomes full: what needs the disk says so at once, the rest goes
/// on, and everything does once there is room.</summary>
public sealed class FullDiskTests : IAsyncLifetime, IDisposable
{
    private const int LargeBytes = 6 << 20;

    private readonly SmallDisk _disk = SmallDisk.Mount(kilobytes: 16 * 1024);
    private FakeS3? _server;
    private S3Store? _store;

    private FakeS3 Server => _server!;

    private S3Store Store => _store!;

    public async Task InitializeAsync()
    {
        _server = await FakeS3.StartAsync();
        _store = await S3Store.OpenAsync(
            TestS3.Fake(_server, _disk["local"]) with { AttemptCount = 4, PartBytes = 5 << 20 });
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    public void Dispose()
    {
        _store?.Dispose();
        _disk.Dispose();
    }

    [SmallDiskFact]
    public async Task LocalPathAsync_WithoutRoom_SaysSoAtOnceAndLeavesNothing()
    {
        byte[] content = Noise(300_000);
        await Store.PutAsync("k", content);
        _disk.Fill("ballast", spareBytes: 8192);
        int before = Server.Calls("GET");

        TandemException failure = await Assert.ThrowsAsync<TandemException>(async () => await Store.LocalPathAsync("k"));

        CheckFull(failure);
        Assert.Equal(before + 1, Server.Calls("GET"));
        Assert.Equal(content, await Store.GetAsync("k"));
        await Store.PutAsync("small", new byte[100]);
        File.Delete(_disk["ballast"]);
        Assert.Equal(content, await File.ReadAllBytesAsync(await Store.LocalPathAsync("k")));
    }

    [SmallDiskFact]
    public async Task PutAsync_OfALargeObjectWithoutRoom_SaysSoAndLeavesNothing()
    {
        byte[] content = Noise(LargeBytes);
        _disk.Fill("ballast", spareBytes: LargeBytes / 2);

        TandemException failure = await Assert.ThrowsAsync<TandemException>(async () => await Store.PutAsync("k", content));

        CheckFull(failure);
        Assert.Null(await Store.FindAsync("k"));
        File.Delete(_disk["ballast"]);
        await Store.PutAsync("k", content);
        Assert.Equal(content, await Store.GetAsync("k"));
    }

    private void CheckFull(TandemException failure)
    {
        Assert.Equal(("STO003", FaultKind.Unavailable), (failure.Fault.Code, failure.Fault.Kind));
        Assert.Matches("No space left|disk was full", failure.Fault.What);
        Assert.Empty(Directory.GetFiles(Store.StagingFolder));
    }

    private static byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
