using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;

namespace Tandem.Serving;

/// <summary>Turns an answer into impressions: one event for every shown position, with the feature values as they
/// were: those that it was ordered by, or else read now.</summary>
internal sealed class ImpressionWriter(
    IOnlineStore store, FeatureSet set, string userEntity, string itemEntity, TimeProvider clock)
{
    /// <summary>Makes the impressions of an answer.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="request">The question.</param>
    /// <param name="response">The answer.</param>
    /// <param name="cancellationToken">Stops waiting for the features.</param>
    /// <returns>One event a position; without feature values where the store is away, so that nothing learns from
    /// values that nobody saw.</returns>
    public async ValueTask<EventRecord[]> WriteAsync(
        string type, RecommendRequest request, RecommendResponse response, CancellationToken cancellationToken)
    {
        if (response.Values is { } ranked)
        {
            return Write(type, request, response, ranked, ReadRest(request, response, ranked));
        }

        try
        {
            using FeatureLease lease = await store.FetchAsync(
                EntitiesOf(request, response), known => PairsOf(known, request, response), cancellationToken)
                .ConfigureAwait(false);
            ServedValues values = new(
                lease.Store.Reader(set), lease.Store, clock.GetUtcNow(), default,
                new float[response.Items.Count * set.Count], new bool[response.Items.Count]);
            return Write(type, request, response, values, ReadRest(request, response, values));
        }
        catch (TandemException away) when (away.Fault.Kind is FaultKind.Unavailable or FaultKind.Conflict)
        {
            return Write(type, request, response, values: null, seenNow: default);
        }
    }

    private EventRecord[] Write(
        string type, RecommendRequest request, RecommendResponse response, ServedValues? values,
        JournalPosition seenNow)
    {
        DateTimeOffset moment = values?.Moment ?? clock.GetUtcNow();
        ArrayBufferWriter<byte> json = new(256);
        var events = new EventRecord[response.Items.Count];
        for (int i = 0; i < events.Length; i++)
        {
            RecommendedItem item = response.Items[i];
            json.ResetWrittenCount();
            if (values is { Reader.Set: { } written })
            {
                ServedFeatures.Write(
                    written, values.Vectors.AsSpan(i * written.Count, written.Count),
                    values.IsRead[i] ? values.SeenUntil : seenNow, json);
            }

            events[i] = new EventRecord
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{response.RequestId}-{item.Position}"),
                Type = type,
                Entities = request.UserId is null
                    ? [new EntityKey(itemEntity, item.Id)]
                    : [new EntityKey(userEntity, request.UserId), new EntityKey(itemEntity, item.Id)],
                EventTime = moment,
                RequestId = response.RequestId,
                Position = item.Position,
                Propensity = item.Propensity,
                ModelVersion = response.ModelVersion,
                Features = json.WrittenSpan.ToArray(),
                Data = request.Context,
            };
        }

        return events;
    }

    private EntityKey[] EntitiesOf(RecommendRequest request, RecommendResponse response)
    {
        var entities = new EntityKey[response.Items.Count + 2];
        entities[^2] = new EntityKey(FeatureView.GlobalEntity, "");
        entities[^1] = request.UserId is { } user ? new EntityKey(userEntity, user) : entities[^2];
        for (int i = 0; i < response.Items.Count; i++)
        {
            entities[i] = new EntityKey(itemEntity, response.Items[i].Id);
        }

        return entities;
    }

    /// <summary>The pairs of the user with each item and with what the request says.</summary>
    private List<EntityKey> PairsOf(FeatureStore known, RecommendRequest request, RecommendResponse response)
    {
        using JsonDocument? context = request.Context.IsEmpty ? null : JsonDocument.Parse(request.Context);
        return
        [
            .. response.Items.SelectMany(item => known.PairsOf(part => part == userEntity ? request.UserId
                : part == itemEntity ? item.Id
                : context is not null && context.RootElement.TryGetProperty(part, out JsonElement said)
                    && said.ValueKind == JsonValueKind.String ? said.GetString()
                : null)),
        ];
    }

    /// <summary>Reads the items that have no vector yet, as of the moment of the others.</summary>
    /// <returns>The place in the log that these reads saw.</returns>
    private JournalPosition ReadRest(RecommendRequest request, RecommendResponse response, ServedValues values)
    {
        int[] rest = [.. Enumerable.Range(0, response.Items.Count).Where(i => !values.IsRead[i])];
        if (rest.Length == 0)
        {
            return values.SeenUntil;
        }

        int width = values.Reader.Set.Count;
        string[] items = [.. rest.Select(i => response.Items[i].Id)];
        float[] vectors = new float[rest.Length * width];
        JournalPosition seenUntil = values.Store.ReadTogether(() => values.Reader.ReadRows(
            new FeatureRequest
            {
                AsOf = values.Moment,
                Entity = userEntity,
                Id = request.UserId,
                Context = request.Context,
            },
            itemEntity, items, vectors));
        for (int i = 0; i < rest.Length; i++)
        {
            vectors.AsSpan(i * width, width).CopyTo(values.Vectors.AsSpan(rest[i] * width));
        }

        return seenUntil;
    }
}
