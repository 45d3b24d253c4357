using System.Text;
using Tandem.Faults;

namespace Tandem.Registry.Tests;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly ModelRegistry _registry;

    public ModelRegistryTests()
    {
        _registry = new ModelRegistry(_store.Whole, new ManualClock());
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Publish_Twice_GivesNumbersInOrderAndKeepsBoth()
    {
        ModelVersion first = await _registry.PublishAsync(Drafts.Make("one"));
        ModelVersion second = await _registry.PublishAsync(Drafts.Make("two", parent: 1));

        Assert.Equal(1, first.Number);
        Assert.Equal(2, second.Number);
        Assert.Equal("factors one", await ReadAsync(first, "model.bin"));
        Assert.Equal("factors two", await ReadAsync(second, "model.bin"));
        Assert.Equal(1, second.Lineage.Parent);
    }

    [Fact]
    public async Task Publish_WithEqualBytes_StoresThemOnce()
    {
        await _registry.PublishAsync(Drafts.Make("one"));
        await _registry.PublishAsync(Drafts.Make("two"));

        Assert.Equal(3, (await _store.KeysAsync("artifacts/")).Count);
    }

    [Fact]
    public async Task Publish_WithStagedFile_MovesItIn()
    {
        string path = Path.Combine(_store.Whole.StagingFolder, "trained.bin");
        await File.WriteAllTextAsync(path, "from a file");
        ModelDraft draft = Drafts.Make("x") with
        {
            Artifacts = new Dictionary<string, DraftArtifact>(StringComparer.Ordinal)
            {
                ["model.bin"] = DraftArtifact.FromFile(path),
            },
        };

        ModelVersion version = await _registry.PublishAsync(draft);

        Assert.Equal("from a file", await ReadAsync(version, "model.bin"));
        Assert.Equal(11, version.Artifacts[0].Bytes);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Publish_ByManyAtOnce_GivesEachItsOwnNumberWithoutGaps()
    {
        const int Publishers = 40;

        ModelVersion[] versions = await Task.WhenAll(
            Enumerable.Range(0, Publishers).Select(n => Task.Run(() => _registry.PublishAsync(Drafts.Make($"{n}")))));

        Assert.Equal(Enumerable.Range(1, Publishers), versions.Select(version => version.Number).Order());
        foreach (ModelVersion version in versions)
        {
            ModelVersion? stored = await _registry.FindAsync("video", $"{version.Number}");
            Assert.Equal(version.Artifacts, stored!.Artifacts);
        }
    }

    [Fact]
    public async Task Publish_WithUnknownParent_IsRefusedAndWritesNothing()
    {
        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => _registry.PublishAsync(Drafts.Make("one", parent: 7)));

        Assert.Equal("REG002", refused.Fault.Code);
        Assert.Empty(await _store.KeysAsync());
    }

    [Fact]
    public async Task Publish_WithoutArtifacts_IsTheCallersFault()
    {
        ModelDraft empty = Drafts.Make("one") with
        {
            Artifacts = new Dictionary<string, DraftArtifact>(StringComparer.Ordinal),
        };

        await Assert.ThrowsAsync<ArgumentException>(() => _registry.PublishAsync(empty));
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("v2", 2)]
    [InlineData("V1", 1)]
    [InlineData("latest", 3)]
    [InlineData("LATEST", 3)]
    [InlineData("champion", 2)]
    [InlineData("challenger", null)]
    [InlineData("4", null)]
    [InlineData("0", null)]
    public async Task Find_ByAnyReference_GivesThatVersion(string reference, int? expected)
    {
        for (int i = 0; i < 3; i++)
        {
            await _registry.PublishAsync(Drafts.Make($"{i}"));
        }

        await _registry.SetAliasAsync("video", "champion", 2, "ana", "best");

        ModelVersion? found = await _registry.FindAsync("video", reference);

        Assert.Equal(expected, found?.Number);
    }

    [Fact]
    public async Task Find_InAnEmptyStore_FindsNothing()
    {
        Assert.Null(await _registry.FindAsync("video", "latest"));
        Assert.Null(await _registry.FindAsync("video", "champion"));
        Assert.Empty(await _registry.ModelsAsync());
    }

    [Fact]
    public async Task Find_WithNumberBeyondWhole_SaysSo()
    {
        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => _registry.FindAsync("video", "99999999999"));

        Assert.Equal("REG001", refused.Fault.Code);
    }

    [Fact]
    public async Task List_GivesNewestFirst_AndModelsTheirNames()
    {
        await _registry.PublishAsync(Drafts.Make("a"));
        await _registry.PublishAsync(Drafts.Make("b"));
        await _registry.PublishAsync(Drafts.Make("c", model: "audio"));

        List<int> numbers = [];
        await foreach (ModelVersion version in _registry.ListAsync("video"))
        {
            numbers.Add(version.Number);
        }

        Assert.Equal([2, 1], numbers);
        Assert.Equal(["audio", "video"], await _registry.ModelsAsync());
    }

    [Fact]
    public async Task OpenArtifact_WithOneFlippedBit_IsRefused()
    {
        ModelVersion version = await _registry.PublishAsync(Drafts.Make("one"));
        string key = (await _store.KeysAsync("artifacts/"))[0];
        byte[] bytes = await File.ReadAllBytesAsync(_store.Path(key));
        bytes[3] ^= 1;
        await File.WriteAllBytesAsync(_store.Path(key), bytes);
        string damaged =
            version.Artifacts.First(artifact => key.EndsWith(artifact.Hash[7..], StringComparison.Ordinal)).Name;

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => _registry.OpenArtifactAsync(version, damaged));

        Assert.Equal("REG007", refused.Fault.Code);
        Assert.Equal(FaultKind.Damaged, refused.Fault.Kind);
        Assert.Equal(key, refused.Fault.Place);
    }

    [Fact]
    public async Task Publish_OfBytesThatWereDamaged_HealsThem()
    {
        ModelVersion version = await _registry.PublishAsync(Drafts.Make("one"));
        foreach (string key in await _store.KeysAsync("artifacts/"))
        {
            await File.WriteAllBytesAsync(_store.Path(key), []);
        }

        await _registry.PublishAsync(Drafts.Make("one"));

        Assert.Equal("factors one", await ReadAsync(version, "model.bin"));
    }

    [Fact]
    public async Task OpenArtifact_ThatIsMissing_SaysWhetherNameOrFile()
    {
        ModelVersion version = await _registry.PublishAsync(Drafts.Make("one"));
        foreach (string key in await _store.KeysAsync("artifacts/"))
        {
            await _store.Whole.DeleteAsync(key);
        }

        TandemException noName = await Assert.ThrowsAsync<TandemException>(
            () => _registry.OpenArtifactAsync(version, "other.bin"));
        TandemException noFile = await Assert.ThrowsAsync<TandemException>(
            () => _registry.OpenArtifactAsync(version, "model.bin"));

        Assert.Equal("REG006", noName.Fault.Code);
        Assert.Equal("one of: items.txt, model.bin", noName.Fault.Expected);
        Assert.Equal("REG007", noFile.Fault.Code);
    }

    [Fact]
    public async Task ArtifactPath_GivesAFileWithTheBytes()
    {
        ModelVersion version = await _registry.PublishAsync(Drafts.Make("one"));

        string path = await _registry.ArtifactPathAsync(version, "model.bin");

        Assert.Equal("factors one", await File.ReadAllTextAsync(path));
    }

    private async Task<string> ReadAsync(ModelVersion version, string artifact)
    {
        await using Stream stream = await _registry.OpenArtifactAsync(version, artifact);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
