using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tandem.Features;
using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>The routes that show features: the catalogue, and why an entity's values are what they are.</summary>
internal sealed class FeatureRoutes(ServedSystem system)
{
    private const int DefaultEvents = 50;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/features", (HttpContext context, CancellationToken _) => CatalogueAsync(context))
            .WithSummary("Every feature, with its values in training and live").Produces<FeatureCatalogue>();
        app.MapGet("/v1/features/{view}/{id}", (
                HttpContext context, string view, string id, [FromQuery(Name = "as_of")] string? asOf, int? events) =>
                HistoryAsync(context, view, id, asOf, events ?? DefaultEvents))
            .WithSummary("The features of an entity as of a moment, and the events behind them")
            .Produces<EntityHistoryBody>();
    }

    private async Task CatalogueAsync(HttpContext context)
    {
        FeatureCatalogue catalogue = await system.Features(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            catalogue, ServerJson.Default.FeatureCatalogue, cancellationToken: context.RequestAborted);
    }

    private async Task HistoryAsync(HttpContext context, string view, string id, string? asOf, int events)
    {
        DateTimeOffset? moment = null;
        if (asOf is not null)
        {
            moment = DateTimeOffset.TryParse(
                asOf, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset read)
                ? read
                : throw ServerErrors.BadQuery("as_of", asOf, "an ISO 8601 moment, such as 2026-01-02T03:04:05Z");
        }

        if (events is < 0 or > HistoryReader.MostEvents)
        {
            throw ServerErrors.BadQuery(
                "events", events.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {HistoryReader.MostEvents}"));
        }

        EntityHistory history = await system.ExplainFeatures(
            RoutedId.Unescape(view), RoutedId.Unescape(id), moment, events, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            EntityHistoryBody.From(history), ServerJson.Default.EntityHistoryBody,
            cancellationToken: context.RequestAborted);
    }
}
