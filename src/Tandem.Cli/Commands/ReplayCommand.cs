using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Events;
using Tandem.Workspace;
using Tandem.Workspace.Replay;
using Tandem.Worlds;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem replay</c>: a log or a world as live traffic for a running service.</summary>
internal static class ReplayCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Option<Uri> url = new("--url")
        {
            Description = "Address of the running service. Its key is the first of TANDEM__APIKEYS.",
            DefaultValueFactory = _ => new Uri(Server.ServerOptions.DefaultAddress),
            CustomParser = Address,
        };
        Option<double> speed = new("--speed")
        {
            Description = "How many times as fast as it happened.",
            DefaultValueFactory = _ => 1,
        };
        speed.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() > 0))
            {
                result.AddError("--speed takes a number above 0.");
            }
        });
        Option<DateTimeOffset?> from = new("--from") { Description = "Only what happened from this moment on." };
        Option<DateTimeOffset?> to = new("--to") { Description = "Only what happened before this moment." };
        Option<double?> world = new("--world")
        {
            Description = "Send the history of the synthetic video world, at this scale (1 is 20,000 users), not a log.",
        };
        Verb verb = new(
            "replay", "Send a log or a world to a running service, as live traffic at N times real speed",
            "tandem replay --spec shop/tandem.yaml --url http://127.0.0.1:8080 --speed 10",
            "tandem replay --world 0.05 --speed 3600 --to 2026-01-03T00:00:00Z --json")
        {
            spec, store, url, speed, from, to, world, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            IEnumerable<EventRecord> events = Events(
                result.GetValue(world), result.GetRequiredValue(spec), result.GetValue(store));
            using TrafficReplay replay = new(new ReplayOptions
            {
                Url = result.GetRequiredValue(url),
                Speed = result.GetValue(speed),
                From = result.GetValue(from),
                To = result.GetValue(to),
                ApiKey = Server.ServerOptions.FromEnvironment().ApiKeys is [{ } key, ..] ? key : null,
            });
            ReplayReport report = await terminal.LiveAsync<ReplayReport>(
                Rows, progress => replay.RunAsync(events, progress, cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(JsonSerializer.SerializeToUtf8Bytes(report, ReplayJson.Default.ReplayReport));
            }

            return report.Refused == 0 ? 0 : 1;
        });
        return verb;
    }

    private static Uri? Address(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme is "http" or "https"))
        {
            return url;
        }

        result.AddError($"--url takes an address such as {Server.ServerOptions.DefaultAddress}, not '{text}'.");
        return null;
    }

    private static IEnumerable<EventRecord> Events(double? worldScale, string spec, string? store) =>
        worldScale is { } scale
            ? new VideoWorld(new WorldOptions { Scale = scale }).History()
            : LogFiles.Read(TandemWorkspace.LogFolder(new WorkspaceOptions { SpecPath = spec, Store = store }));

    private static IReadOnlyList<(string Name, string Value)> Rows(ReplayReport report) =>
    [
        ("events sent", Terminal.Count(report.Sent)),
        ("accepted", Terminal.Count(report.Accepted)),
        ("refused", Terminal.Count(report.Refused)),
        ("events/s", Terminal.Number(report.EventsPerSecond, 0)),
        ("lag now, largest", $"{Terminal.Number(report.LagSeconds, 2)} s, {Terminal.Number(report.LargestLagSeconds, 2)} s"),
        ("answer p50, p99",
            $"{Terminal.Number(report.P50Milliseconds, 1)} ms, {Terminal.Number(report.P99Milliseconds, 1)} ms"),
        ("sent again, service busy", Terminal.Count(report.Retries)),
        ("time reached", report.Until?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "–"),
    ];
}

/// <summary>Names in snake case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReplayReport))]
internal sealed partial class ReplayJson : JsonSerializerContext;
