using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tandem.Server.Guard;
using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>Rows of items and users: put, changed in part, or gone; one under its id, or many at once.</summary>
internal sealed class RowRoutes(ServedSystem system, ServerOptions options)
{
    private static readonly (string Method, RowChange Change, string Summary)[] Changes =
    [
        ("PUT", RowChange.Put, "Says all that is known of"),
        ("PATCH", RowChange.Patch, "Changes some columns of"),
        ("DELETE", RowChange.Delete, "Says that nothing holds any more of"),
    ];

    public void Map(IEndpointRouteBuilder app)
    {
        foreach ((string method, RowChange change, string summary) in Changes)
        {
            Map(app, "items", EntityRole.Item, method, change, summary + " an item");
            Map(app, "users", EntityRole.User, method, change, summary + " a user");
        }
    }

    private void Map(
        IEndpointRouteBuilder app, string path, EntityRole role, string method, RowChange change, string summary)
    {
        Describe(
            app.MapMethods($"/v1/{path}/{{id}}", [method], (HttpContext context, string id) =>
                OneAsync(context, role, change, RoutedId.Unescape(id))),
            summary).Produces<EventOutcomeBody>();
        Describe(
            app.MapMethods($"/v1/{path}", [method], (HttpContext context, string? outcomes) =>
                ManyAsync(context, role, change, outcomes)),
            summary + ", for many at once").Produces<EventsBody>();
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string summary) => route
        .WithSummary(summary)
        .Accepts<RowBody>(BodyRuns.Json, BodyRuns.Lines)
        .Produces<ProblemBody>(StatusCodes.Status400BadRequest, Problem.MediaType)
        .Produces<ProblemBody>(StatusCodes.Status404NotFound, Problem.MediaType)
        .Produces<ProblemBody>(StatusCodes.Status415UnsupportedMediaType, Problem.MediaType);

    private async Task OneAsync(HttpContext context, EntityRole role, RowChange change, string id)
    {
        bool hasBody = context.Request.ContentType is not null || change != RowChange.Delete;
        if (hasBody && !MediaType.Is(context.Request.ContentType, BodyRuns.Json))
        {
            await MediaType.RefuseAsync(context, BodyRuns.Json);
            return;
        }

        byte[] body = hasBody ? await RequestBody.ReadAsync(context, options) : "{}"u8.ToArray();
        EventOutcome outcome = (await system.ChangeRows(role, change, id, [body], context.RequestAborted))[0];
        await (outcome.Fault is { } fault
            ? Problem.WriteAsync(context, [fault])
            : context.Response.WriteAsJsonAsync(
                EventOutcomeBody.From(outcome, 0), ServerJson.Default.EventOutcomeBody,
                cancellationToken: context.RequestAborted));
    }

    private async Task ManyAsync(HttpContext context, EntityRole role, RowChange change, string? outcomes)
    {
        string? type = context.Request.ContentType;
        if (!MediaType.Is(type, BodyRuns.Json) && !MediaType.Is(type, BodyRuns.Lines))
        {
            await MediaType.RefuseAsync(context, $"{BodyRuns.Json} or {BodyRuns.Lines}");
            return;
        }

        using var answer = EventsAnswer.For(outcomes, options);
        await foreach (List<ReadOnlyMemory<byte>> run in BodyRuns.ReadAsync(context, options, context.RequestAborted))
        {
            answer.Expect(run.Count);
            answer.Add(await system.ChangeRows(role, change, null, run, context.RequestAborted));
        }

        await answer.WriteAsync(context);
    }
}
