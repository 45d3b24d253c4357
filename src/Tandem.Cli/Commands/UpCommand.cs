using System.CommandLine;
using Spectre.Console;
using Tandem.Server;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem up</c>: the prediction service, both loops in the background, and the studio.</summary>
internal static class UpCommand
{
    public static Verb Build(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<string> address = new("--address")
        {
            Description = "Where to listen. Any address but loopback demands API keys (TANDEM__APIKEYS).",
            DefaultValueFactory = _ => ServerOptions.DefaultAddress,
        };
        Verb verb = new(
            "up", "Serve predictions, take events, run both loops, show the studio", "tandem up",
            "tandem up --address http://127.0.0.1:8080")
        {
            spec, store, address,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: false, cancellationToken);
            await workspace.StartServingAsync(cancellationToken);
            await using TandemServer server = await TandemServer.StartAsync(
                workspace, ServerOptions.FromEnvironment() with { Address = result.GetRequiredValue(address) },
                cancellationToken);
            Announce(terminal, workspace, server);
            await workspace.RunLoopsAsync(
                new Progress<LoopProblem>(problem => Terminal.Errors.WriteLine(
                    $"{problem.Time:HH:mm:ss} {problem.Job} failed, serving goes on: {problem.Fault}")),
                cancellationToken);
            return 0;
        });
        return verb;
    }

    /// <summary>Says where the service is, and what to try.</summary>
    public static void Announce(Terminal terminal, TandemWorkspace workspace, TandemServer server)
    {
        string address = server.Address.ToString().TrimEnd('/');
        terminal.Say();
        terminal.Say($"[bold]{Markup.Escape(workspace.Spec.Name)}[/] is up at [green]{address}[/]  (Ctrl+C stops it)");
        terminal.Say($"  studio     {address}/");
        if (workspace.Spec.IsPredicted)
        {
            Try("predict    ", "/v1/predict", """{"items":["v1"]}""");
        }
        else
        {
            Try("recommend  ", "/v1/recommend", """{"user":"u1","k":5}""");
            terminal.Say($"  similar    curl -s {address}/v1/items/v1/similar");
        }

        terminal.Say($"  API        {address}/openapi/v1.json   metrics {address}/metrics");

        void Try(string name, string route, string body) => terminal.Say(Markup.Escape(
            $"  {name}curl -s {address}{route} -H 'content-type: application/json' -d '{body}'"));
    }
}
