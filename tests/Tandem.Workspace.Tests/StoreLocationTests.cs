using Tandem.Faults;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Workspace.Tests;

public sealed class StoreLocationTests
{
    [Theory]
    [InlineData(null, ".tandem", "/sys/.tandem", null)]
    [InlineData("/elsewhere", ".tandem", "/elsewhere", null)]
    [InlineData(null, "s3://bucket/prefix", "/sys/.tandem", "s3://bucket/prefix")]
    [InlineData("s3://bucket", "data", "/sys/.tandem", "s3://bucket")]
    [InlineData("/elsewhere", "s3://bucket/prefix", "/elsewhere", null)]
    public void Of_WhatTheOptionOrTheFileSays_IsWhereItLies(
        string? option, string inFile, string local, string? bucket)
    {
        var location = StoreLocation.Of(
            new WorkspaceOptions { SpecPath = "/sys/tandem.yaml", Store = option }, Spec(inFile));

        Assert.Equal(local, location.LocalFolder);
        Assert.Equal(bucket, location.Bucket?.ToString());
    }

    [Fact]
    public async Task Open_WhereTheLogEndsBeforeTheLake_IsRefused()
    {
        using SmallWorkspace small = new();
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await small.RecordAsync(workspace);
            await workspace.CompactAsync(null);
        }

        Directory.Delete(Path.Combine(small.StoreFolder, "default", "log"), recursive: true);

        TandemException lost = await Assert.ThrowsAsync<TandemException>(small.OpenAsync);

        Assert.Equal("WSP041", lost.Fault.Code);
        Assert.Equal(FaultKind.Damaged, lost.Fault.Kind);
    }

    [Fact]
    public async Task Tie_OfTheSameLogAgain_IsKept_AndOfAnother_IsRefused()
    {
        using TestFolder folder = new();
        FolderStore objects = new(folder["objects"]);
        StoreLocation here = new(folder["here"], null);
        StoreLocation there = new(folder["there"], null);
        ManualClock clock = new();

        await LogTie.TieAsync(objects, here, new StoreLayout(), null, clock, CancellationToken.None);
        await LogTie.TieAsync(objects, here, new StoreLayout(), null, clock, CancellationToken.None);
        TandemException other = await Assert.ThrowsAsync<TandemException>(() =>
            LogTie.TieAsync(objects, there, new StoreLayout(), null, clock, CancellationToken.None));

        Assert.Equal("WSP040", other.Fault.Code);
        Assert.Equal(
            await File.ReadAllTextAsync(folder["here/default/log.json"]),
            await File.ReadAllTextAsync(folder["objects/default/log.json"]));
        Assert.Matches("""^\{"format":"tandem\.log/1","log":"[0-9a-f-]{36}"\}\n$""", await File.ReadAllTextAsync(folder["here/default/log.json"]));
    }

    private static SystemSpec Spec(string store) => SpecFile.Parse(
        $$"""
        name: small
        store: {{store}}
        objective: {task: retrieval, label: play}
        sources: {play: [user, item]}
        """,
        "tandem.yaml", WorkspaceVocabulary.Build()).Spec!;
}
