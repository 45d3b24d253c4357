using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tandem.Registry;
using Tandem.Serving;

namespace Tandem.Server.Routes;

/// <summary>The routes that programs call. Each reads a body, asks the system, and writes the answer.</summary>
internal sealed class ApiRoutes
{
    private const int SimilarCount = 10;
    private const int MostVersions = 100;

    private readonly ServedSystem _system;
    private readonly JsonBodies _bodies;

    public ApiRoutes(ServedSystem system, ServerOptions options)
    {
        _system = system;
        _bodies = new JsonBodies(options);
    }

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (HttpContext context, CancellationToken cancellationToken) =>
                context.Response.WriteAsJsonAsync(
                    new HealthBody("ok"), ServerJson.Default.HealthBody, cancellationToken: cancellationToken))
            .WithSummary("Whether the process answers").Produces<HealthBody>();
        app.MapGet("/ready", (HttpContext context, CancellationToken cancellationToken) =>
                context.Response.WriteAsJsonAsync(
                    ReadyBody.Of(_system.Problems()), ServerJson.Default.ReadyBody, cancellationToken: cancellationToken))
            .WithSummary("Whether everything behind an answer works, and what does not").Produces<ReadyBody>();
        app.MapPost("/v1/recommend", (HttpContext context, CancellationToken _) => RecommendAsync(context))
            .WithSummary("Which items to show").Accepts<RecommendBody>(BodyRuns.Json).Produces<RecommendResponse>();
        app.MapPost("/v1/predict", (HttpContext context, CancellationToken _) => PredictAsync(context))
            .WithSummary("How likely a positive is for each item").Accepts<PredictBody>(BodyRuns.Json)
            .Produces<PredictResponse>();
        app.MapGet("/v1/items/{id}/similar", (HttpContext context, string id, int? k) =>
                context.Response.WriteAsJsonAsync(
                    _system.Similar(RoutedId.Unescape(id), k ?? SimilarCount), ServerJson.Default.SimilarResponse,
                    cancellationToken: context.RequestAborted))
            .WithSummary("Items like an item").Produces<SimilarResponse>();
        app.MapGet("/v1/models", (HttpContext context, CancellationToken _) => ModelsAsync(context))
            .WithSummary("The newest versions of the model, and the champion").Produces<ModelsBody>();
        app.MapGet("/v1/runs/latest", (HttpContext context, CancellationToken _) => LastRunAsync(context))
            .WithSummary("The newest training run: what was searched, judged and decided")
            .Produces(StatusCodes.Status200OK, contentType: "application/json");
        app.MapGet("/metrics", (HttpContext context, CancellationToken _) => MetricsAsync(context))
            .WithSummary("Numbers in Prometheus text format")
            .Produces(StatusCodes.Status200OK, contentType: "text/plain");
    }

    private async Task RecommendAsync(HttpContext context)
    {
        if (await _bodies.ReadAsync<RecommendBody>(context, "a question for recommendations") is not { } body)
        {
            return;
        }

        if (body.HasNulls)
        {
            throw ServerErrors.BadBody("A list of the body is null, or has null in it.", "body");
        }

        RecommendResponse answer = await _system.Recommend(body.ToRequest(), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            answer, ServerJson.Default.RecommendResponse, cancellationToken: context.RequestAborted);
    }

    private async Task PredictAsync(HttpContext context)
    {
        if (await _bodies.ReadAsync<PredictBody>(context, "a question for predictions") is not { } body)
        {
            return;
        }

        if (body.HasNulls)
        {
            throw ServerErrors.BadBody("The list of items is null, or has null in it.", "body");
        }

        PredictResponse answer = await _system.Predict(body.ToRequest(), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            answer, ServerJson.Default.PredictResponse, cancellationToken: context.RequestAborted);
    }

    private async Task ModelsAsync(HttpContext context)
    {
        List<ModelVersionBody> versions = [];
        await foreach (ModelVersion version in _system.Versions(context.RequestAborted))
        {
            versions.Add(ModelVersionBody.From(version));
            if (versions.Count == MostVersions)
            {
                break;
            }
        }

        int? champion = await _system.Champion(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new ModelsBody(_system.Name, champion, versions), ServerJson.Default.ModelsBody,
            cancellationToken: context.RequestAborted);
    }

    private Task LastRunAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(_system.LastRun() ?? "null"u8.ToArray(), context.RequestAborted).AsTask();
    }

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(_system.Metrics(), context.RequestAborted);
    }
}
