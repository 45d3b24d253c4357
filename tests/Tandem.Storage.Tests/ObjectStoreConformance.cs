using System.Text;
using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Storage.Tests;

/// <summary>What every object store must do; each implementation inherits it.</summary>
public abstract class ObjectStoreConformance : IDisposable
{
    private readonly TestFolder _folder = new();

    protected string Folder => _folder.Path;

    protected abstract IObjectStore Store { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task PutAsync_ThenOpen_GivesTheSameBytes()
    {
        byte[] content = Bytes("hello");

        await Store.PutAsync("a/b/c.txt", content);

        Assert.Equal(content, await Store.GetAsync("a/b/c.txt"));
    }

    [Fact]
    public async Task PutAsync_OnAnExistingName_ReplacesItWhole()
    {
        await Store.PutAsync("k", Bytes("a longer first content"));

        await Store.PutAsync("k", Bytes("short"));

        Assert.Equal("short", await ReadTextAsync("k"));
    }

    [Fact]
    public async Task PutAsync_OfNothing_MakesAnEmptyObject()
    {
        await Store.PutAsync("empty", ReadOnlyMemory<byte>.Empty);

        ObjectEntry? entry = await Store.FindAsync("empty");
        Assert.Equal(0, entry?.Bytes);
        Assert.Equal("", await ReadTextAsync("empty"));
    }

    [Fact]
    public async Task PutAsync_WhileOthersRead_ShowsEveryReaderAWholeObject()
    {
        byte[] ones = [.. Enumerable.Repeat((byte)1, 100_000)];
        byte[] twos = [.. Enumerable.Repeat((byte)2, 120_000)];
        await Store.PutAsync("k", ones);

        var writer = Task.Run(async () =>
        {
            for (int i = 0; i < 30; i++)
            {
                await Store.PutAsync("k", i % 2 == 0 ? twos : ones);
            }
        });
        for (int seen = 0; seen == 0 || !writer.IsCompleted; seen++)
        {
            byte[] bytes = await Store.GetAsync("k");
            Assert.True(bytes.AsSpan().SequenceEqual(ones) || bytes.AsSpan().SequenceEqual(twos), $"read {seen}");
        }

        await writer;
    }

    [Fact]
    public async Task TryPutAsync_OnAFreeName_Writes()
    {
        bool won = await Store.TryPutAsync("k", Bytes("one"));

        Assert.True(won);
        Assert.Equal("one", await ReadTextAsync("k"));
    }

    [Fact]
    public async Task TryPutAsync_OnATakenName_LeavesWhatWasThere()
    {
        await Store.PutAsync("k", Bytes("one"));

        bool won = await Store.TryPutAsync("k", Bytes("two"));

        Assert.False(won);
        Assert.Equal("one", await ReadTextAsync("k"));
    }

    [Fact]
    public async Task TryPutAsync_OfThirtyTwoRacers_LetsExactlyOneWin()
    {
        for (int round = 0; round < 10; round++)
        {
            string key = $"race/{round}";
            using Barrier start = new(32);
            Task<bool>[] racers = [.. Enumerable.Range(0, 32).Select(racer => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Store.TryPutAsync(key, Bytes($"racer {racer}")).AsTask().GetAwaiter().GetResult();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];

            bool[] won = await Task.WhenAll(racers);

            int winner = Assert.Single(Enumerable.Range(0, 32), racer => won[racer]);
            Assert.Equal($"racer {winner}", await ReadTextAsync(key));
        }
    }

    [Fact]
    public async Task PutFileAsync_MovesTheFile()
    {
        string path = Path.Combine(Store.StagingFolder, "made.bin");
        await File.WriteAllTextAsync(path, "made elsewhere");

        await Store.PutFileAsync("files/made.bin", path);

        Assert.False(File.Exists(path));
        Assert.Equal("made elsewhere", await ReadTextAsync("files/made.bin"));
    }

    [Fact]
    public async Task PutFileAsync_OfAFileOutsideStaging_IsRefused()
    {
        string path = Path.Combine(Folder, "outside.bin");
        await File.WriteAllTextAsync(path, "mine");

        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.PutFileAsync("k", path));

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task PutFileAsync_OfAFileThatIsNotThere_SaysSo()
    {
        TandemException missing = await Assert.ThrowsAsync<TandemException>(async () =>
            await Store.PutFileAsync("k", Path.Combine(Store.StagingFolder, "none")));

        Assert.Equal("STO003", missing.Fault.Code);
        Assert.Null(await Store.FindAsync("k"));
    }

    [Theory]
    [InlineData(0L, null, "0123456789")]
    [InlineData(4L, null, "456789")]
    [InlineData(4L, 3L, "456")]
    [InlineData(8L, 100L, "89")]
    [InlineData(10L, null, "")]
    [InlineData(99L, 5L, "")]
    [InlineData(3L, 0L, "")]
    public async Task OpenAsync_WithARange_GivesThoseBytes(long offset, long? length, string expected)
    {
        await Store.PutAsync("digits", Bytes("0123456789"));

        await using Stream stream = await Store.OpenAsync("digits", offset, length);
        using StreamReader reader = new(stream);

        Assert.Equal(expected, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task OpenAsync_WithANegativeRange_IsTheCallersFault()
    {
        await Store.PutAsync("k", Bytes("x"));

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.OpenAsync("k", -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.OpenAsync("k", 0, -1));
    }

    [Fact]
    public async Task MissingObject_IsFoundByNobody()
    {
        TandemException open = await Assert.ThrowsAsync<TandemException>(async () => await Store.OpenAsync("no/such"));
        TandemException path = await Assert.ThrowsAsync<TandemException>(async () => await Store.LocalPathAsync("no"));
        await Store.DeleteAsync("no/such");

        Assert.Equal("STO002", open.Fault.Code);
        Assert.Equal("STO002", path.Fault.Code);
        Assert.Equal(FaultKind.NotFound, open.Fault.Kind);
        Assert.Null(await Store.FindAsync("no/such"));
    }

    [Fact]
    public async Task FindAsync_SaysLengthAndUtcTime()
    {
        await Store.PutAsync("k", Bytes("12345"));

        ObjectEntry? entry = await Store.FindAsync("k");

        Assert.Equal(new ObjectEntry("k", 5, entry!.Modified), entry);
        Assert.Equal(TimeSpan.Zero, entry.Modified.Offset);
        Assert.True(entry.Modified > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task LocalPathAsync_HoldsTheObject()
    {
        await Store.PutAsync("k", Bytes("12345"));

        string path = await Store.LocalPathAsync("k");

        Assert.Equal("12345", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task ListAsync_GivesOrdinalOrderAcrossFolders()
    {
        string[] keys = ["a-b", "a.b", "a/b", "a/b.c", "a/c/d", "a0", "B", "aa/x", "z/y/x"];
        foreach (string key in keys)
        {
            await Store.PutAsync(key, Bytes(key));
        }

        string[] listed = await ListAsync("");

        Assert.Equal([.. keys.Order(StringComparer.Ordinal)], listed);
    }

    [Theory]
    [InlineData("a", "a/b", "a/c", "ab")]
    [InlineData("a/", "a/b", "a/c")]
    [InlineData("a/c", "a/c")]
    [InlineData("q")]
    [InlineData("q/r/s")]
    public async Task ListAsync_WithAPrefix_GivesOnlyThoseNames(string prefix, params string[] expected)
    {
        foreach (string key in (string[])["a/b", "a/c", "ab", "b/a"])
        {
            await Store.PutAsync(key, Bytes(key));
        }

        Assert.Equal(expected, await ListAsync(prefix));
    }

    [Fact]
    public async Task ListAsync_HidesStagedFiles()
    {
        await Store.PutAsync("k", Bytes("x"));
        await File.WriteAllTextAsync(Path.Combine(Store.StagingFolder, "half.tmp"), "not yet");

        Assert.Equal(["k"], await ListAsync(""));
    }

    [Fact]
    public async Task ListAsync_WhenCancelled_Stops()
    {
        await Store.PutAsync("k", Bytes("x"));
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.ListAsync("", cancelled.Token).ToListAsync());
    }

    [Fact]
    public async Task DeleteAsync_RemovesOneObject()
    {
        await Store.PutAsync("a/b", Bytes("x"));
        await Store.PutAsync("a/c", Bytes("y"));

        await Store.DeleteAsync("a/b");

        Assert.Equal(["a/c"], await ListAsync(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../up")]
    [InlineData("a/../../up")]
    [InlineData("a/./b")]
    [InlineData(".hidden")]
    [InlineData(".staging/x")]
    [InlineData("a/b.")]
    [InlineData("C:/x")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("näme")]
    [InlineData("a*")]
    [InlineData("%2e%2e/x")]
    public async Task OddNames_AreRefusedByEveryDoor(string key)
    {
        byte[] content = Bytes("x");
        Func<Task>[] doors =
        [
            async () => await Store.FindAsync(key),
            async () => await Store.PutAsync(key, content),
            async () => await Store.TryPutAsync(key, content),
            async () => await Store.PutFileAsync(key, Path.Combine(Store.StagingFolder, "x")),
            async () => await Store.OpenAsync(key),
            async () => await Store.LocalPathAsync(key),
            async () => await Store.DeleteAsync(key),
        ];

        foreach (Func<Task> door in doors)
        {
            TandemException refused = await Assert.ThrowsAsync<TandemException>(door);
            Assert.Equal("STO001", refused.Fault.Code);
        }
    }

    [Theory]
    [InlineData("../")]
    [InlineData("/")]
    [InlineData("a/../b")]
    [InlineData("a b")]
    public void ListAsync_WithAnOddPrefix_IsRefused(string prefix)
    {
        TandemException refused = Assert.Throws<TandemException>(() => Store.ListAsync(prefix));

        Assert.Equal("STO001", refused.Fault.Code);
    }

    [Fact]
    public async Task LongNames_AreRefused()
    {
        string longPart = new('x', 201);
        string longKey = string.Join('/', Enumerable.Repeat("part", 110));

        foreach (string key in (string[])[longPart, longKey])
        {
            TandemException refused = await Assert.ThrowsAsync<TandemException>(async () => await Store.FindAsync(key));
            Assert.Equal("STO001", refused.Fault.Code);
        }
    }

    [Fact]
    public async Task Under_ReadsAndWritesOnlyItsPart()
    {
        IObjectStore lake = Store.Under("default").Under("lake");
        await Store.PutAsync("default/lakes", Bytes("a neighbour with a longer name"));

        await lake.PutAsync("x", Bytes("in the lake"));
        ObjectEntry? found = await lake.FindAsync("x");
        List<ObjectEntry> listed = await lake.ListAsync("").ToListAsync();

        Assert.Equal("x", found?.Key);
        Assert.Equal("x", Assert.Single(listed).Key);
        Assert.Equal("in the lake", await ReadTextAsync("default/lake/x"));
        Assert.Equal(["default/lake/x", "default/lakes"], await ListAsync(""));
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("/x")]
    [InlineData("..")]
    public async Task Under_CannotReachOutside(string key)
    {
        IObjectStore part = Store.Under("part");

        TandemException refused = await Assert.ThrowsAsync<TandemException>(async () => await part.PutAsync(key, Bytes("x")));

        Assert.Equal("STO001", refused.Fault.Code);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _folder.Dispose();
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<string> ReadTextAsync(string key) => Encoding.UTF8.GetString(await Store.GetAsync(key));

    private async Task<string[]> ListAsync(string prefix) =>
        await Store.ListAsync(prefix).Select(entry => entry.Key).ToArrayAsync();
}
