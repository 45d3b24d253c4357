namespace Tandem.Workspace.Tests;

public sealed class FeatureRestartTests
{
    private const string View = "user_activity";
    private const string Feature = "plays_7d";

    [Fact]
    public async Task StartServingAsync_AfterAStop_ReadsTheSnapshotAheadOfTheLake()
    {
        using SmallWorkspace small = new();
        double before = await ServeAsync(small);

        await using TandemWorkspace again = await small.OpenAsync();
        await again.StartServingAsync();

        Assert.Single(Snapshots(small));
        Assert.Null(again.Problem);
        Assert.Equal(before, Read(again, small));
        Assert.Equal(again.Journal.End, again.Features.AppliedUntil);
    }

    [Fact]
    public async Task StartServingAsync_OnADamagedSnapshot_SaysSoAndReadsTheLake()
    {
        using SmallWorkspace small = new();
        double before = await ServeAsync(small);
        string path = Assert.Single(Snapshots(small));
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await using TandemWorkspace again = await small.OpenAsync();
        await again.StartServingAsync();

        Assert.Equal("FEA015", again.Problem?.Fault.Code);
        Assert.Equal(before, Read(again, small));
        await again.TickAsync();
        Assert.Null(again.Problem);
    }

    [Fact]
    public async Task ForgetAsync_DeletesTheSnapshots()
    {
        using SmallWorkspace small = new();
        await ServeAsync(small);
        Assert.Single(Snapshots(small));

        await using TandemWorkspace again = await small.OpenAsync();
        await again.ForgetAsync("user", "u1");

        Assert.Empty(Snapshots(small));
    }

    private static async Task<double> ServeAsync(SmallWorkspace small)
    {
        await using TandemWorkspace workspace = await small.OpenAsync();
        await workspace.StartServingAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.IngestAsync([SmallWorkspace.Bytes(small.Play(0, 5, TimeSpan.FromMinutes(1)))]);
        double plays = Read(workspace, small);
        Assert.True(plays > 1, $"{plays} plays say little.");
        return plays;
    }

    private static double Read(TandemWorkspace workspace, SmallWorkspace small) =>
        workspace.Features.Read(View, Feature, "u0", small.Clock.Now).Number;

    private static string[] Snapshots(SmallWorkspace small) =>
        Directory.GetFiles(small.StoreFolder, "*.snapshot", SearchOption.AllDirectories);
}
