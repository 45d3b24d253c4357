using Tandem.Learning.Nearest;
using Tandem.Registry;
using Tandem.Serving;

namespace Tandem.Workspace.Tests;

/// <summary>The index that a version is published with, in a system that stops and starts again.</summary>
public sealed class IndexRestartTests : IDisposable
{
    private const string Model = "model:\n  retrieve:";

    private readonly SmallWorkspace _small = new();

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData("int8")]
    [InlineData("ivf")]
    [InlineData("hnsw")]
    public async Task Start_OpensTheIndexThatTheVersionWasPublishedWith(string kind)
    {
        Ask(kind);
        string[] first = await TrainAsync();

        await using TandemWorkspace workspace = await StartAsync();

        Assert.Null(workspace.Problem);
        Assert.Equal(kind, ServedIndex.Words[workspace.Predictor.Model!.Index!.Kind]);
        Assert.Equal(first, Answer(workspace));
    }

    [Theory]
    [InlineData("other bytes", "REG007")]
    [InlineData("cut", "REG007")]
    [InlineData("gone", "REG007")]
    public async Task Start_WithADamagedIndex_BuildsIt_AndSaysWhy(string damage, string code)
    {
        Ask("ivf");
        string[] first = await TrainAsync();
        string path = IndexFile();
        byte[] bytes = await File.ReadAllBytesAsync(path);
        switch (damage)
        {
            case "other bytes":
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(path, bytes);
                break;
            case "cut":
                await File.WriteAllBytesAsync(path, bytes[..^100]);
                break;
            default:
                File.Delete(path);
                break;
        }

        await using TandemWorkspace workspace = await StartAsync();

        LoopProblem problem = Assert.Single(workspace.Problems);
        Assert.Equal(("index", "SRV011"), (problem.Job, problem.Fault.Code));
        Assert.Contains(code, problem.Fault.What, StringComparison.Ordinal);
        Assert.Equal(first, Answer(workspace));
        await workspace.TrainAsync(TrainingCause.Manual);
    }

    [Theory]
    [InlineData("kind: ivf", "kind: int8", "built as ivf")]
    [InlineData("kind: ivf", "kind: hnsw", "built as ivf")]
    [InlineData("recall: 0.9", "recall: 0.95", "built as ivf")]
    public async Task Start_AfterOtherSettings_BuildsAnIndexByThese(string from, string to, string why)
    {
        Ask("ivf");
        await TrainAsync();
        _small.Mend(from, to);

        await using TandemWorkspace workspace = await StartAsync();

        Assert.Contains(why, workspace.Problem!.Fault.What, StringComparison.Ordinal);
        Assert.Equal(to.Contains("hnsw", StringComparison.Ordinal), workspace.Predictor.Model!.Index!.Kind == NearestKind.Hnsw);
        _ = Answer(workspace);
    }

    [Fact]
    public async Task Start_OfAVersionWithoutAnIndex_BuildsOneWhereItIsAskedFor_AndNoneElsewhere()
    {
        await TrainAsync();
        await using (TandemWorkspace workspace = await StartAsync())
        {
            Assert.Null(workspace.Predictor.Model!.Index);
            Assert.Null(workspace.Problem);
        }

        Ask("int8");
        await using TandemWorkspace asking = await StartAsync();

        Assert.Equal("SRV011", asking.Problem!.Fault.Code);
        Assert.Contains("REG006", asking.Problem.Fault.What, StringComparison.Ordinal);
        Assert.Equal(NearestKind.Bytes, asking.Predictor.Model!.Index!.Kind);
    }

    private static string[] Answer(TandemWorkspace workspace) =>
        [.. workspace.Predictor.Recommend(new RecommendRequest { History = ["v4", "v8"], Count = 8 }).Items
            .Select(static item => item.Id)];

    private void Ask(string kind) =>
        _small.Mend(Model, $"serving:\n  index: {{kind: {kind}, recall: 0.9}}\n{Model}");

    private async Task<TandemWorkspace> StartAsync()
    {
        TandemWorkspace workspace = await _small.OpenAsync();
        await workspace.StartServingAsync();
        return workspace;
    }

    private async Task<string[]> TrainAsync()
    {
        await using TandemWorkspace workspace = await StartAsync();
        await _small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        Assert.Null(workspace.Problem);
        return Answer(workspace);
    }

    private string IndexFile() => Directory.GetFiles(_small.StoreFolder, "sha256-*", SearchOption.AllDirectories)
        .Single(static path => File.ReadAllBytes(path).AsSpan().StartsWith("TANDEMNN"u8));
}
