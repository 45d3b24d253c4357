using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Server.Guard;
using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>The routes of Feast's feature server, for clients that speak to one. <c>docs/http.md</c> says where the
/// meaning differs.</summary>
internal sealed class OnlineRoutes(ServedSystem system, ServerOptions options)
{
    private const string Query = "/get-online-features";
    private const string Push = "/push";
    private const string Materialize = "/materialize";
    private const string MaterializeNext = "/materialize-incremental";
    private const int MostFaults = 100;

    private static readonly string Epoch = Timestamp(DateTimeOffset.UnixEpoch);

    private readonly JsonBodies _bodies = new(options);

    /// <summary>Where the routes are.</summary>
    public static IReadOnlyList<string> Paths { get; } = [Query, Push, Materialize, MaterializeNext];

    public void Map(IEndpointRouteBuilder app)
    {
        Describe(
            app.MapPost(Query, (HttpContext context, CancellationToken _) => QueryAsync(context))
                .Accepts<OnlineQueryBody>(BodyRuns.Json),
            "Features of many entities as they are now, in Feast's shape").Produces<OnlineAnswerBody>()
            .Produces<ProblemBody>(StatusCodes.Status413PayloadTooLarge, Problem.MediaType);
        Describe(
            app.MapPost(Push, (HttpContext context, CancellationToken _) => PushAsync(context))
                .Accepts<PushBody>(BodyRuns.Json),
            "Takes rows of a source, in Feast's shape").Produces(StatusCodes.Status200OK)
            .Produces<ProblemBody>(StatusCodes.Status413PayloadTooLarge, Problem.MediaType);
        Describe(
            app.MapPost(Materialize, (HttpContext context, bool? force) => MaterializeAsync(context, force == true))
                .Accepts<MaterializeBody>(BodyRuns.Json),
            "Brings the log into the lake and saves the online features").Produces<Materialization>()
            .Produces<ProblemBody>(StatusCodes.Status409Conflict, Problem.MediaType);
        Describe(
            app.MapPost(
                MaterializeNext, (HttpContext context, bool? force) => MaterializeNextAsync(context, force == true))
                .Accepts<MaterializeNextBody>(BodyRuns.Json),
            "The same as /materialize").Produces<Materialization>()
            .Produces<ProblemBody>(StatusCodes.Status409Conflict, Problem.MediaType);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string summary) => route
        .WithSummary(summary)
        .Produces<ProblemBody>(StatusCodes.Status400BadRequest, Problem.MediaType)
        .Produces<ProblemBody>(StatusCodes.Status404NotFound, Problem.MediaType)
        .Produces<ProblemBody>(StatusCodes.Status415UnsupportedMediaType, Problem.MediaType);

    private async Task QueryAsync(HttpContext context)
    {
        if (await _bodies.ReadAsync<OnlineQueryBody>(context, "a question for features") is not { } body)
        {
            return;
        }

        if (body.IncludeFeatureViewVersionMetadata)
        {
            throw ServerErrors.BadBody(
                "Views have no numbered versions here; GET /v1/features gives the hashes of what they mean.",
                "body.include_feature_view_version_metadata");
        }

        IReadOnlyList<string> features = Demand(body.Features, "features");
        IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> entities = Demand(body.Entities, "entities");
        long rows = entities.Count == 0 ? 1 : entities.Values.Max(static ids => ids.Count);
        if (rows * (features.Count + entities.Count) > options.FeatureValuesPerRequest)
        {
            throw ServerErrors.TooManyValues(rows * (features.Count + entities.Count), options.FeatureValuesPerRequest);
        }

        // As in Feast, values of the request stand among the entities.
        ILookup<bool, KeyValuePair<string, IReadOnlyList<JsonElement>>> given =
            entities.ToLookup(entity => system.RequestColumns.Contains(entity.Key, StringComparer.Ordinal));
        OnlineQuery query = new(
            features,
            given[false].ToDictionary(
                static entity => entity.Key,
                static entity => (IReadOnlyList<string>)[.. entity.Value.Select((id, row) => Id(entity.Key, row, id))],
                StringComparer.Ordinal),
            body.FullFeatureNames)
        {
            Request = new Dictionary<string, IReadOnlyList<JsonElement>>(given[true], StringComparer.Ordinal),
        };
        IReadOnlyList<OnlineColumn> columns = await system.ReadFeatures(query, context.RequestAborted);
        OnlineAnswerBody answer = new(
            new OnlineMetadataBody([.. entities.Keys, .. columns.Select(static column => column.Name)]),
            [.. entities.Values.Select(Column), .. columns.Select(Column)]);
        await context.Response.WriteAsJsonAsync(
            answer, ServerJson.Default.OnlineAnswerBody, cancellationToken: context.RequestAborted);
    }

    private async Task PushAsync(HttpContext context)
    {
        if (await _bodies.ReadAsync<PushBody>(context, "rows of a source") is not { } body)
        {
            return;
        }

        IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> columns = Demand(body.Df, "df");
        if (body.To is not (null or "online" or "offline" or "online_and_offline"))
        {
            throw ServerErrors.BadBody("\"to\" is none of online, offline, online_and_offline.", "body.to");
        }

        if (columns.Count > 0 && columns.Values.Max(static values => values.Count) > options.EventsPerRequest)
        {
            throw ServerErrors.TooManyEvents(options.EventsPerRequest, 0);
        }

        IReadOnlyList<EventOutcome> outcomes = await system.Push(
            body.PushSourceName ?? throw Missing("push_source_name"), columns, context.RequestAborted);
        Fault[] refused =
        [
            .. outcomes.Where(static outcome => outcome.Fault is not null).Take(MostFaults).Select(
                static outcome => outcome.Fault! with
                {
                    Place = string.Create(CultureInfo.InvariantCulture, $"df row {outcome.Index}"),
                }),
        ];
        if (refused.Length > 0)
        {
            await Problem.WriteAsync(context, refused);
        }
    }

    private async Task MaterializeAsync(HttpContext context, bool force)
    {
        if (await _bodies.ReadAsync<MaterializeBody>(context, "a call to materialize") is not { } body)
        {
            return;
        }

        if (Moment(body.StartTs, "start_ts") > Moment(body.EndTs, "end_ts"))
        {
            throw ServerErrors.BadBody("\"start_ts\" lies after \"end_ts\".", "body.start_ts");
        }

        await MaterializeAsync(context, body.FeatureViews, force);
    }

    private async Task MaterializeNextAsync(HttpContext context, bool force)
    {
        if (await _bodies.ReadAsync<MaterializeNextBody>(context, "a call to materialize") is not { } body)
        {
            return;
        }

        _ = Moment(body.EndTs, "end_ts");
        await MaterializeAsync(context, body.FeatureViews, force);
    }

    private async Task MaterializeAsync(HttpContext context, IReadOnlyList<string>? views, bool force)
    {
        Materialization done = await system.Materialize(
            Demand(views ?? [], "feature_views"), force, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            done, ServerJson.Default.Materialization, cancellationToken: context.RequestAborted);
    }

    private static IReadOnlyList<string> Demand(IReadOnlyList<string>? names, string key) =>
        names is null ? throw Missing(key)
        : names.Any(static name => name is null)
            ? throw ServerErrors.BadBody($"\"{key}\" has null in it.", $"body.{key}")
        : names;

    private static IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Demand(
        IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? columns, string key) =>
        columns is null ? throw Missing(key)
        : columns.Values.Any(static values => values is null)
            ? throw ServerErrors.BadBody($"A column of \"{key}\" is null.", $"body.{key}")
        : columns;

    private static TandemException Missing(string key) => ServerErrors.BadBody($"The body has no \"{key}\".", "body");

    private static DateTimeOffset Moment(string? text, string key) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)
            ? moment
            : throw ServerErrors.BadBody($"\"{key}\" is not an ISO 8601 moment.", $"body.{key}");

    /// <summary>Reads an id: a text, or a whole number as it is written.</summary>
    private static string Id(string entity, int row, JsonElement id)
    {
        try
        {
            if (id.ValueKind == JsonValueKind.String)
            {
                return id.GetString()!;
            }

            if (id.ValueKind == JsonValueKind.Number
                && id.GetRawText().All(static c => c is '-' or (>= '0' and <= '9')))
            {
                return id.GetRawText();
            }
        }
        catch (InvalidOperationException)
        {
            // Half a character: no text.
        }

        throw ServerErrors.BadBody(
            "An id is neither a text nor a whole number.",
            string.Create(CultureInfo.InvariantCulture, $"body.entities.{entity}[{row}]"));
    }

    private static OnlineColumnBody Column(IReadOnlyList<JsonElement> ids) => new(
        [.. ids.Select(static id => JsonValue.Create(id))], [.. ids.Select(static _ => "PRESENT")],
        [.. ids.Select(static _ => Epoch)]);

    private static OnlineColumnBody Column(OnlineColumn column) => new(
        [.. column.Values.Select(static value => FeatureJson.Of(value.Value))],
        [.. column.Values.Select(static value => Said(value.Status))],
        [.. column.Values.Select(static value => value.EventTime is { } time ? Timestamp(time) : Epoch)]);

    private static string Said(FeatureStatus status) => status switch
    {
        FeatureStatus.Present => "PRESENT",
        FeatureStatus.NullValue => "NULL_VALUE",
        FeatureStatus.NotFound => "NOT_FOUND",
        FeatureStatus.OutsideMaxAge => "OUTSIDE_MAX_AGE",
        _ => throw new UnreachableException(),
    };

    /// <summary>Protobuf's JSON of a moment: no digits, three or six behind the point.</summary>
    private static string Timestamp(DateTimeOffset time)
    {
        long micros = time.UtcTicks / TimeSpan.TicksPerMicrosecond % 1_000_000;
        string format = micros == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'"
            : micros % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"
            : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        return time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }
}
