using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>The system's numbers, once and as a stream of server-sent events.</summary>
internal sealed class LiveRoutes
{
    private readonly ServedSystem _system;
    private readonly CancellationToken _stopping;

    public LiveRoutes(ServedSystem system, CancellationToken stopping)
    {
        _system = system;
        _stopping = stopping;
    }

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/snapshot", (HttpContext context, CancellationToken _) => SnapshotAsync(context))
            .WithSummary("The whole system at this moment")
            .Produces(StatusCodes.Status200OK, contentType: "application/json");
        app.MapGet("/v1/live", (HttpContext context, CancellationToken _) => LiveAsync(context))
            .WithSummary("The whole system, an event of type snapshot whenever it changed")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
    }

    private Task SnapshotAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            _system.Snapshot(), SnapshotJson.Default.WorkspaceSnapshot, cancellationToken: context.RequestAborted);
    }

    private async Task LiveAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await foreach (WorkspaceSnapshot snapshot in _system.Watch(ending.Token))
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(snapshot, SnapshotJson.Default.WorkspaceSnapshot);
                await context.Response.Body.WriteAsync("event: snapshot\ndata: "u8.ToArray(), ending.Token);
                await context.Response.Body.WriteAsync(json, ending.Token);
                await context.Response.Body.WriteAsync("\n\n"u8.ToArray(), ending.Token);
                await context.Response.Body.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left, or the server stops: a stream has no other end.
        }
    }
}
