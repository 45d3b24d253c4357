using System.Globalization;
using System.Text;
using Tandem.Backends.S3;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Backends.Tests.S3;

public sealed class ContentCacheTests : IDisposable
{
    private const int FileBytes = 1000;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly TestFolder _folder = new();

    // Reading a file may set its access time to the real time, so the test's time begins there.
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FindAsync_OfWhatWasAdmitted_GivesItsPath()
    {
        ContentCache cache = Open(10);

        string path = await AdmitAsync(cache, 1);

        Assert.Equal(path, await cache.FindAsync(Hash(1), CancellationToken.None));
        Assert.Equal(Content(1), await File.ReadAllBytesAsync(path));
        Assert.Null(await cache.FindAsync(Hash(2), CancellationToken.None));
    }

    [Fact]
    public async Task AdmitAsync_PastTheBound_RemovesTheLongestUnused()
    {
        ContentCache cache = Open(3);
        for (int n = 0; n < 3; n++)
        {
            await AdmitAsync(cache, n);
            _clock.Advance(Grace);
        }

        await cache.FindAsync(Hash(0), CancellationToken.None);
        _clock.Advance(Grace);
        await AdmitAsync(cache, 3);

        int[] held = await HeldAsync(5);
        Assert.Equal([0, 2, 3], held);
    }

    [Fact]
    public async Task AdmitAsync_PastTheBound_KeepsWhatWasUsedWithinTheGrace()
    {
        ContentCache cache = Open(2);
        for (int n = 0; n < 5; n++)
        {
            await AdmitAsync(cache, n);
            _clock.Advance(Grace / 10);
        }

        int[] held = await HeldAsync(5);
        Assert.Equal([0, 1, 2, 3, 4], held);
    }

    [Fact]
    public async Task AdmitAsync_CountsWhatAnEarlierProcessLeft()
    {
        ContentCache earlier = Open(100);
        for (int n = 0; n < 5; n++)
        {
            await AdmitAsync(earlier, n);
        }

        _clock.Advance(Grace * 2);
        await AdmitAsync(Open(2), 5);

        int[] held = await HeldAsync(6);
        Assert.Equal(2, held.Length);
        Assert.Contains(5, held);
    }

    [Fact]
    public async Task FindAsync_OfADamagedFile_ForgetsIt()
    {
        string path = await AdmitAsync(Open(10), 1);
        byte[] damaged = Content(1);
        damaged[^1] ^= 1;
        await File.WriteAllBytesAsync(path, damaged);

        string? found = await Open(10).FindAsync(Hash(1), CancellationToken.None);

        Assert.Null(found);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task TwoCaches_OverOneFolder_NeverTakeAFileFromUnderEachOther()
    {
        // The caches share nothing but the folder, as two processes do: the lock is the file's.
        const int Seed = 5;
        ContentCache[] caches = [Open(4), Open(4)];
        int found = 0;
        for (int round = 0; round < 40; round++)
        {
            _clock.Advance(Grace / 3);
            int turn = round;
            await Parallel.ForAsync(0, 8, async (worker, stop) =>
            {
                Random random = new(Seed + (turn * 8) + worker);
                for (int n = 0; n < 4; n++)
                {
                    int file = random.Next(12);
                    ContentCache cache = caches[worker % 2];
                    string? path = await cache.FindAsync(Hash(file), stop);
                    Interlocked.Add(ref found, path is null ? 0 : 1);
                    path ??= await AdmitAsync(cache, file);
                    byte[] read = await File.ReadAllBytesAsync(path, stop);
                    Assert.True(
                        Content(file).AsSpan().SequenceEqual(read),
                        string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, round {turn}, worker {worker}, step {n}"));
                }
            });
        }

        Assert.InRange(found, 1, 40 * 8 * 4);
    }

    private static byte[] Content(int file) =>
        Encoding.UTF8.GetBytes(file.ToString(CultureInfo.InvariantCulture).PadLeft(FileBytes, '-'));

    private static string Hash(int file) => ContentHash.Of(Content(file));

    private ContentCache Open(int files) => new(_folder.Path, files * FileBytes, Grace, _clock);

    private static async Task<string> AdmitAsync(ContentCache cache, int file)
    {
        string staged = Path.Combine(cache.StagingFolder, Path.GetRandomFileName());
        await File.WriteAllBytesAsync(staged, Content(file));
        return await cache.AdmitAsync(Hash(file), staged, CancellationToken.None);
    }

    /// <summary>Which of the first files the folder holds.</summary>
    private async Task<int[]> HeldAsync(int count)
    {
        FolderStore folder = new(_folder.Path);
        HashSet<string> names = [.. await folder.ListAsync("cache/").Select(entry => entry.Key.Split('/')[^1]).ToListAsync()];
        return [.. Enumerable.Range(0, count).Where(file => names.Contains(Hash(file)["sha256:".Length..]))];
    }
}
