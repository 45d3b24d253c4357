using Tandem.Registry;
using Tandem.Serving;

namespace Tandem.Workspace.Tests;

public sealed class FeatureCatalogueTests
{
    [Fact]
    public async Task FeaturesAsync_AfterAnswers_ShowsThoseInTheLakeAndTheNewestEventOfAll()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.StartServingAsync();
        FeatureCatalogue before = await workspace.FeaturesAsync();
        Assert.Null(PlaysOf(before).Live?.Median);

        await AskAsync(small, workspace, 5);
        Assert.Equal(0, (await workspace.FeaturesAsync()).LiveRows);
        await workspace.CompactAsync();
        FeatureCatalogue answered = await workspace.FeaturesAsync();

        Assert.Equal(15, answered.LiveRows);
        Assert.Equal(15, PlaysOf(answered).Live!.Rows);
        Assert.Equal("count over 7d", PlaysOf(answered).Definition);
        await workspace.IngestAsync([SmallWorkspace.Bytes(small.Play(1, 2, TimeSpan.FromMinutes(1)))]);
        FeatureCatalogue played = await workspace.FeaturesAsync();
        Assert.Equal(15, played.LiveRows);
        Assert.True(ViewOf(played).NewestEvent > ViewOf(answered).NewestEvent);

        await AskAsync(small, workspace, 5);
        await workspace.CompactAsync();
        Assert.Equal(30, (await workspace.FeaturesAsync()).LiveRows);
    }

    private static FeatureViewEntry ViewOf(FeatureCatalogue catalogue) =>
        catalogue.Views.Single(view => view.Name == "user_activity");

    private static FeatureEntry PlaysOf(FeatureCatalogue catalogue) =>
        ViewOf(catalogue).Features.Single(feature => feature.Name == "plays_7d");

    private static async Task AskAsync(SmallWorkspace small, TandemWorkspace workspace, int count)
    {
        for (int n = 0; n < count; n++)
        {
            await workspace.RecommendAsync(new RecommendRequest { UserId = $"u{n}", Count = 3 });
        }

        // An answer lies in the past of whoever looks.
        small.Clock.Advance(TimeSpan.FromMinutes(2));
    }
}
