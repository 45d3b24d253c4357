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
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private const string CloudEvent = "application/cloudevents+json";
    private const string CloudEvents = "application/cloudevents-batch+json";

    public void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/events", (HttpContext context, string? outcomes) => EventsAsync(context, outcomes))
            .WithSummary("Takes events: an object, an array, lines of JSON, or CloudEvents 1.0, each plain or gzip")
            .WithDescription(
                "Each event is judged on its own. Accepted ones are durable when the answer comes; refused ones lie in " +
                "quarantine. outcomes=refused leaves accepted events out of the list of outcomes.")
            .Accepts<object>(Json, Lines, CloudEvent, CloudEvents)
            .Produces<EventsBody>()
            .Produces<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")
            .Produces<ProblemBody>(StatusCodes.Status413PayloadTooLarge, "application/problem+json")
            .Produces<ProblemBody>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")
            .Produces<ProblemBody>(StatusCodes.Status429TooManyRequests, "application/problem+json");

    private async Task EventsAsync(HttpContext context, string? outcomes)
    {
        using EventsAnswer answer = new(options.EventsPerRequest, isBrief: outcomes switch
        {
            null or "all" => false,
            "refused" => true,
            _ => throw ServerErrors.BadQuery("outcomes", outcomes, "'all' or 'refused'"),
        });
        string? type = context.Request.ContentType;
        if (BinaryCloudEvent.IsMeant(context.Request.Headers))
        {
            if (type is not null && !MediaType.Is(type, Json))
            {
                await MediaType.RefuseAsync(context, Json);
                return;
            }

            byte[] body = await RequestBody.ReadAsync(context, options);
            await TakeAsync(
                [BinaryCloudEvent.ToJson(context.Request.Headers, body)], EventForm.CloudEvent, answer, context);
        }
        else if (MediaType.Is(type, Lines))
        {
            await TakeLinesAsync(answer, context);
        }
        else if (MediaType.Is(type, Json) || MediaType.Is(type, CloudEvent) || MediaType.Is(type, CloudEvents))
        {
            byte[] body = await RequestBody.ReadAsync(context, options);
            List<ReadOnlyMemory<byte>> events = EventSplitter.SplitJson(body, options.JsonDepth);
            await TakeAsync(
                events, MediaType.Is(type, Json) ? EventForm.Event : EventForm.CloudEvent, answer, context);
        }
        else
        {
            await MediaType.RefuseAsync(context, $"{Json}, {Lines}, {CloudEvent} or {CloudEvents}");
            return;
        }

        await answer.WriteAsync(context);
    }

    private async Task TakeLinesAsync(EventsAnswer answer, HttpContext context)
    {
        Stream body = RequestBody.Open(context, options);
        await using (body.ConfigureAwait(false))
        {
            using LineChunks chunks = new(body);
            List<ReadOnlyMemory<byte>> lines = [];
            while (await chunks.ReadAsync(lines, context.RequestAborted))
            {
                await TakeAsync(lines, EventForm.Event, answer, context);
            }
        }
    }

    private async Task TakeAsync(
        List<ReadOnlyMemory<byte>> events, EventForm form, EventsAnswer answer, HttpContext context)
    {
        answer.Expect(events.Count);
        answer.Add(await system.Ingest(events, form, context.RequestAborted));
    }
}
