using System.Text.Json;
using Tandem.Faults;
using Tandem.Registry.Records;
using Tandem.Testing;

namespace Tandem.Registry.Tests.Records;

public sealed class RecordFileTests
{
    private static string Golden(string name) =>
        Path.Combine(SharedData.Root, "tests", "Tandem.Registry.Tests", "Golden", name);

    [Fact]
    public async Task Publish_OfTheExample_WritesTheGoldenFile()
    {
        using TestStore store = new();
        ModelRegistry registry = new(store.Whole, new ManualClock());

        await registry.PublishAsync(Drafts.Make("golden"));

        Assert.Equal(
            await File.ReadAllTextAsync(Golden("model-version.json")),
            await File.ReadAllTextAsync(store.Path("models/video/versions/00000000000000000001.json")));
    }

    [Fact]
    public async Task SetAlias_OfTheExample_WritesTheGoldenFile()
    {
        using TestStore store = new();
        ModelRegistry registry = new(store.Whole, new ManualClock());
        await registry.PublishAsync(Drafts.Make("golden"));

        await registry.SetAliasAsync("video", "champion", 1, "ana", "Beats popularity by 0.04 recall@20.");

        Assert.Equal(
            await File.ReadAllTextAsync(Golden("alias-change.json")),
            await File.ReadAllTextAsync(store.Path("models/video/aliases/champion/00000000000000000001.json")));
    }

    [Fact]
    public async Task Read_OfTheGoldenFile_GivesEveryField()
    {
        ModelVersion version = RecordFile.ReadVersion(await File.ReadAllBytesAsync(Golden("model-version.json")), "k");

        Assert.Equal(("video", 1, "als"), (version.Model, version.Number, version.Kind));
        Assert.Equal(ulong.MaxValue, version.Lineage.Seed);
        Assert.Equal(TrainingCause.Drift, version.Lineage.Cause);
        Assert.Equal(new ModelMetric(0.25, 0.24, 0.26), version.Lineage.Metrics["recall@20"]);
        Assert.True(double.IsNaN(version.Lineage.Metrics["ndcg@20"].Value));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), version.Lineage.Window!.To);
        Assert.Equal(12, version.Lineage.LakeManifest);
    }

    [Fact]
    public async Task Read_WithAnyFlippedBit_IsRefused()
    {
        byte[] file = await File.ReadAllBytesAsync(Golden("alias-change.json"));

        for (int at = 0; at < file.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] damaged = [.. file];
                damaged[at] ^= (byte)(1 << bit);
                TandemException refused = Assert.Throws<TandemException>(() => RecordFile.ReadChange(damaged, "k"));
                Assert.True(refused.Fault.Code is "REG004" or "REG005", $"byte {at} bit {bit}");
            }
        }
    }

    [Fact]
    public async Task Read_CutAnywhere_IsRefused()
    {
        byte[] file = await File.ReadAllBytesAsync(Golden("alias-change.json"));

        for (int length = 0; length < file.Length; length++)
        {
            TandemException refused = Assert.Throws<TandemException>(() => RecordFile.ReadChange(file[..length], "k"));
            Assert.Equal("REG004", refused.Fault.Code);
        }
    }

    [Fact]
    public void Read_OfANewerFormat_SaysUpgrade()
    {
        byte[] newer = JsonSerializer.SerializeToUtf8Bytes(new { format = "tandem.model-version/2" });

        TandemException refused = Assert.Throws<TandemException>(() => RecordFile.ReadVersion(newer, "k"));

        Assert.Equal("REG005", refused.Fault.Code);
    }

    [Fact]
    public async Task Read_OfTheOtherKindOfRecord_IsRefused()
    {
        byte[] change = await File.ReadAllBytesAsync(Golden("alias-change.json"));

        TandemException refused = Assert.Throws<TandemException>(() => RecordFile.ReadVersion(change, "k"));

        Assert.Equal("REG004", refused.Fault.Code);
    }

    [Theory]
    [InlineData(TrainingCause.Manual, 0, "manual")]
    [InlineData(TrainingCause.Schedule, 1, "schedule")]
    [InlineData(TrainingCause.Drift, 2, "drift")]
    public void TrainingCause_KeepsItsNumberAndName(TrainingCause cause, int number, string name)
    {
        Assert.Equal(number, (int)cause);
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(cause));
    }
}
