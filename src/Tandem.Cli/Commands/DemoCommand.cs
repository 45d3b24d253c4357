using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tandem.Server;
using Tandem.Training;
using Tandem.Workspace;
using Tandem.Workspace.Demo;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem demo</c>: both loops, end to end, on a synthetic short-video world that knows the
/// truth.</summary>
internal static class DemoCommand
{
    private const int FirstLiveDay = 15;
    private const int LastLiveDay = 18;

    public static Verb Build(Terminal terminal)
    {
        Option<bool> exit = new("--exit") { Description = "End after the last day instead of leaving the service up." };
        Option<bool> json = Flags.Json();
        Option<double> scale = new("--scale")
        {
            Description = "Size of the world, 0.02 to 10; 0.1 for a small machine.",
            DefaultValueFactory = _ => 1,
        };
        Option<ulong> seed = new("--seed") { Description = "Seed of the world.", DefaultValueFactory = _ => 1 };
        Option<string> address = new("--address")
        {
            Description = "Where the service listens.",
            DefaultValueFactory = _ => ServerOptions.DefaultAddress,
        };
        Option<string?> store = Flags.Store();
        Verb verb = new(
            "demo", "Run both loops on a synthetic world: log, lake, train, serve, drift, retrain",
            "tandem demo", "tandem demo --exit --scale 0.1", "tandem demo --exit --json",
            "tandem demo --store s3://bucket/demo")
        {
            exit, json, scale, seed, address, store,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            using TemporaryFolder folder = new("tandem-demo-");
            DemoOptions options = new()
            {
                Folder = folder.Path,
                Workspace = Flags.OnThisMachine(new WorkspaceOptions { Store = result.GetValue(store) }),
                Scale = result.GetValue(scale),
                Seed = result.GetValue(seed),
            };
            await RunAsync(
                terminal, options, result.GetRequiredValue(address), result.GetValue(exit), cancellationToken);
            return 0;
        });
        return verb;
    }

    private static async Task RunAsync(
        Terminal terminal, DemoOptions options, string address, bool isExit, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using VideoDemo demo = await VideoDemo.CreateAsync(options, cancellationToken);
        terminal.Head("Days 1 to 14: a world is recorded");
        DemoHistory history = await terminal.ProgressAsync(progress => demo.RecordAsync(progress, cancellationToken));
        terminal.Say(
            $"{Terminal.Count(history.Events)} events of {Terminal.Count(history.Users)} users and " +
            $"{Terminal.Count(history.Items)} videos: generated and appended in " +
            $"{Terminal.Number(history.AppendSeconds, 1)} s, " +
            $"compacted into {history.Files} Parquet files ({Terminal.Number(history.LakeBytes / 1e6, 0)} MB) in " +
            $"{Terminal.Number(history.CompactSeconds, 1)} s");
        terminal.Head("The training loop");
        TrainingRun run = await terminal.ProgressAsync(progress => demo.TrainAsync(progress, cancellationToken));
        TrainCommand.Show(terminal, run);
        await using TandemServer server = await TandemServer.StartAsync(
            demo.Workspace, ServerOptions.FromEnvironment() with { Address = address }, cancellationToken);
        double served = watch.Elapsed.TotalSeconds;
        terminal.Say($"First model serving after [bold]{Terminal.Number(served, 0)} s[/], at {server.Address}");
        List<DemoDay> days = [];
        for (int day = FirstLiveDay; day <= LastLiveDay; day++)
        {
            terminal.Head(day == VideoDemo.ConceptDriftDay
                ? $"Day {day}: people start to like other things"
                : $"Day {day}: the world lives on the served lists");
            int today = day;
            DemoDay lived = await terminal.ProgressAsync(progress =>
                demo.LiveAsync(today, server.Address, progress, cancellationToken));
            days.Add(lived);
            ShowDay(terminal, lived);
        }

        terminal.Head("The days");
        ShowDays(terminal, days);
        DemoReport report = demo.Report(history, run, days, served, watch.Elapsed.TotalSeconds);
        terminal.Say($"Whole demo {Terminal.Number(report.Seconds, 0)} s, " +
            $"peak memory {Terminal.Number(report.PeakMemoryBytes / 1e6, 0)} MB.");
        if (terminal.IsQuiet)
        {
            Terminal.WriteJson(DemoJson.Write(report));
        }

        if (!isExit)
        {
            UpCommand.Announce(terminal, demo.Workspace, server);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    private static void ShowDay(Terminal terminal, DemoDay day)
    {
        terminal.Say(
            $"{Terminal.Count(day.Requests)} requests, p50 {Terminal.Number(day.P50Milliseconds, 2)} ms, " +
            $"p99 {Terminal.Number(day.P99Milliseconds, 2)} ms, {day.Failures} failed; " +
            $"a satisfied play changed {Terminal.Number(100 * day.ChangedByClick, 0)} % of the next answers, " +
            $"the model's own order in {Terminal.Number(100 * day.RerankedByClick, 0)} %");
        terminal.Say(
            $"the oracle gives the served lists [bold]{Terminal.Number(day.OracleNdcg, 3)}[/] of the best possible " +
            $"[grey]({Terminal.Number(day.OracleNdcgLow, 3)}–{Terminal.Number(day.OracleNdcgHigh, 3)})[/]; by six hours " +
            string.Join("  ", day.OracleNdcgByQuarter.Select(value => Terminal.Number(value, 3))));
        terminal.Say($"data drift: {Markup.Escape(day.DataDrift)}");
        terminal.Say($"skew: {Markup.Escape(day.Skew)}");
        if (day.DetectedAt is { } at)
        {
            terminal.Say($"[yellow]concept drift detected at {at.ToString("HH:mm", CultureInfo.InvariantCulture)}[/]");
        }

        foreach (string text in day.Runs.Concat(day.Problems))
        {
            terminal.Say($"  {Markup.Escape(text)}");
        }
    }

    private static void ShowDays(Terminal terminal, IReadOnlyList<DemoDay> days)
    {
        terminal.Table(
            [
                "day", "model", "requests", "p50 ms", "p99 ms", "satisfied/request", "oracle NDCG@10", "error rate",
                "concept drift",
            ],
            days.Select(day => (IReadOnlyList<string>)
            [
                day.Day.ToString(CultureInfo.InvariantCulture),
                day.ModelVersion,
                Terminal.Count(day.Requests),
                Terminal.Number(day.P50Milliseconds, 2),
                Terminal.Number(day.P99Milliseconds, 2),
                Terminal.Number(day.SatisfiedPerRequest, 2),
                Terminal.Number(day.OracleNdcg, 3),
                Terminal.Number(day.ErrorRate, 3),
                day.DetectedAt is { } at ? $"[yellow]{at:HH:mm}[/]" : "[grey]none[/]",
            ]),
            textColumns: 2);
    }
}
