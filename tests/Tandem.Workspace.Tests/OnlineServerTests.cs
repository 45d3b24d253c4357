using Tandem.Events;
using Tandem.Faults;
using Tandem.Monitoring.Skew;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Testing;

namespace Tandem.Workspace.Tests;

/// <summary>A whole system whose online features are in PostgreSQL.</summary>
public sealed class OnlineServerTests
{
    private const string Plays = "user_activity:plays_7d";

    [PostgresFact]
    public async Task ReadFeatures_AfterRestartsAndBesideAReader_IsWhatTheLogSays()
    {
        using SmallWorkspace small = Small();
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.StartServingAsync();
            await small.RecordAsync(workspace);
            await CaughtUpAsync(workspace);
            await AssertPlaysAsync(workspace, 8, 8);

            await using TandemWorkspace reader = await small.OpenReaderAsync();
            await AssertPlaysAsync(reader, 8, 8);
            await workspace.CompactAsync();
        }

        // The log holds what the server has not seen; nothing is filled again.
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.IngestAsync([SmallWorkspace.Bytes(small.Play(1, 3, TimeSpan.FromHours(1)))]);
        }

        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.StartServingAsync();
            await AssertPlaysAsync(workspace, 9, 8);
            Assert.Empty(workspace.Problems);
        }
    }

    [PostgresFact]
    public async Task Skew_OfAnswersUnderLoad_IsNothing()
    {
        using SmallWorkspace small = Small();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAndServeAsync(small, workspace);

        Task asking = AskAsync(workspace, 150);
        for (int n = 0; n < 100; n++)
        {
            await workspace.IngestAsync(
                [SmallWorkspace.Bytes(small.Play(n % 40, n % 30, TimeSpan.FromMinutes(n + 1)))]);
        }

        await asking;
        await workspace.CompactAsync();
        DateTimeOffset now = small.Clock.GetUtcNow();
        SkewReport report = (await workspace.ReportSkewAsync(now.AddHours(-1), now.AddHours(1)))!;

        Assert.Equal((0, 0), (report.Mismatched, report.LeftOut));
        Assert.Equal(150 * 3, report.Rows);
    }

    [PostgresFact]
    public async Task Forget_TakesEveryRowAndTheNextStartFillsAnew()
    {
        using SmallWorkspace small = Small();
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.StartServingAsync();
            await small.RecordAsync(workspace);
            await CaughtUpAsync(workspace);
        }

        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.ForgetAsync("user", "u1");
        }

        await using (TandemWorkspace reader = await small.OpenReaderAsync())
        {
            TandemException fault = await Assert.ThrowsAsync<TandemException>(() => PlaysAsync(reader));
            Assert.Equal("BCK033", fault.Fault.Code);
        }

        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.StartServingAsync();
            await AssertPlaysAsync(workspace, double.NaN, 8);
        }
    }

    [PostgresFact]
    public async Task Start_WithAChangedDefinition_FillsAnew()
    {
        using SmallWorkspace small = Small();
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.StartServingAsync();
            await small.RecordAsync(workspace);
            await CaughtUpAsync(workspace);
        }

        small.Mend("plays_7d: count over 7d", "plays_7d: count over 2d");
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.StartServingAsync();
            await AssertPlaysAsync(workspace, 2, 2);
        }
    }

    [PostgresFact]
    public async Task Server_ThatIsKilled_LeavesRecommendationsAndComesBackByItself()
    {
        using TestFolder folder = new();
        using PostgresProcess server = new(folder["server"]);
        using SmallWorkspace small = Small(server.Address);
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAndServeAsync(small, workspace);
        await CaughtUpAsync(workspace);

        await server.KillAsync();
        RecommendResponse answer = await workspace.RecommendAsync(new RecommendRequest { UserId = "u1", Count = 3 });

        // What was shown is logged behind the answer, and in front of what is sent next.
        await workspace.IngestAsync([SmallWorkspace.Bytes(small.Play(1, 3, TimeSpan.FromHours(1)))]);
        TandemException away = await Assert.ThrowsAsync<TandemException>(() => PlaysAsync(workspace));
        Assert.Equal(3, answer.Items.Count);
        Assert.Equal("BCK032", away.Fault.Code);
        await UntilAsync(() => workspace.Problems.Any(problem => problem.Job == "online features"));
        EventRecord shown = (await workspace.ReadLogAsync()).Last(record => record.Type == "impression");
        Assert.True(shown.Features.IsEmpty);

        server.Start();
        await CaughtUpAsync(workspace);
        await UntilAsync(() => workspace.Problems.Count == 0);
        await AssertPlaysAsync(workspace, 9, 8);
    }

    private static SmallWorkspace Small(string? address = null) => new()
    {
        FeatureServer = address ?? PostgresProcess.Shared,
        Tenant = "t" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal),
    };

    private static async Task TrainAndServeAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.StartServingAsync();
    }

    private static async Task<double[]> PlaysAsync(TandemWorkspace workspace)
    {
        Dictionary<string, IReadOnlyList<string>> ids = new(StringComparer.Ordinal) { ["user"] = ["u1", "u2"] };
        IReadOnlyList<OnlineColumn> read = await workspace.ReadFeaturesAsync(new OnlineQuery([Plays], ids, false));
        return [.. read[0].Values.Select(value => value.Value.Number)];
    }

    private static async Task AssertPlaysAsync(TandemWorkspace workspace, params double[] expected) =>
        Assert.Equal(expected, await PlaysAsync(workspace));

    private static async Task AskAsync(TandemWorkspace workspace, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await workspace.RecommendAsync(new RecommendRequest { UserId = $"u{i % 40}", Count = 3 });
        }
    }

    private static Task CaughtUpAsync(TandemWorkspace workspace) =>
        UntilAsync(() => workspace.Online.AppliedUntil.CompareTo(workspace.Journal.End) >= 0);

    // The server is applied to in the background, and tells nobody.
    private static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(120));
        while (!isSo())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
