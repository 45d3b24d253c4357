using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tandem.Server.Guard;
using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>Where events come in: as JSON, as lines of JSON, as CloudEvents 1.0. <c>docs/http.md</c> describes
/// each.</summary>
internal sealed class EventRoutes(ServedSystem system, ServerOptions options)
{
    private const string CloudEvent = "application/cloudevents+json";
    private const string CloudEvents = "application/cloudevents-batch+json";

    public void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/events", (HttpContext context, string? outcomes) => EventsAsync(context, outcomes))
            .WithSummary("Takes events: an object, an array, lines of JSON, or CloudEvents 1.0, each plain or gzip")
            .WithDescription(
                "Each event is judged on its own. Accepted ones are durable when the answer comes; refused ones lie in " +
                "quarantine. outcomes=refused leaves accepted events out of the list of outcomes.")
            .Accepts<object>(BodyRuns.Json, BodyRuns.Lines, CloudEvent, CloudEvents)
            .Produces<EventsBody>()
            .Produces<ProblemBody>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<ProblemBody>(StatusCodes.Status413PayloadTooLarge, Problem.MediaType)
            .Produces<ProblemBody>(StatusCodes.Status415UnsupportedMediaType, Problem.MediaType)
            .Produces<ProblemBody>(StatusCodes.Status429TooManyRequests, Problem.MediaType);

    private async Task EventsAsync(HttpContext context, string? outcomes)
    {
        using var answer = EventsAnswer.For(outcomes, options);
        bool isBinary = BinaryCloudEvent.IsMeant(context.Request.Headers);
        if (FormOf(context.Request.ContentType, isBinary) is not { } form)
        {
            await MediaType.RefuseAsync(
                context, isBinary
                    ? BodyRuns.Json : $"{BodyRuns.Json}, {BodyRuns.Lines}, {CloudEvent} or {CloudEvents}");
            return;
        }

        if (isBinary)
        {
            byte[] body = await RequestBody.ReadAsync(context, options);
            await TakeAsync([BinaryCloudEvent.ToJson(context.Request.Headers, body)], form, answer, context);
        }
        else
        {
            await foreach (List<ReadOnlyMemory<byte>> run in
                BodyRuns.ReadAsync(context, options, context.RequestAborted))
            {
                await TakeAsync(run, form, answer, context);
            }
        }

        await answer.WriteAsync(context);
    }

    // In binary mode an event without data has no type.
    private static EventForm? FormOf(string? type, bool isBinary) =>
        isBinary ? type is null || MediaType.Is(type, BodyRuns.Json) ? EventForm.CloudEvent : null
        : MediaType.Is(type, BodyRuns.Lines) || MediaType.Is(type, BodyRuns.Json) ? EventForm.Event
        : MediaType.Is(type, CloudEvent) || MediaType.Is(type, CloudEvents) ? EventForm.CloudEvent
        : null;

    private async Task TakeAsync(
        List<ReadOnlyMemory<byte>> events, EventForm form, EventsAnswer answer, HttpContext context)
    {
        answer.Expect(events.Count);
        answer.Add(await system.Ingest(events, form, context.RequestAborted));
    }
}
