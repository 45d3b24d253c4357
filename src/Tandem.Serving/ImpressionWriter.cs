using System.Buffers;
using System.Globalization;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;

namespace Tandem.Serving;

/// <summary>Turns an answer into impressions: one event for every shown position, with the feature values as they
/// were.</summary>
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
        try
        {
            using FeatureLease lease = await store.FetchAsync(EntitiesOf(request, response), cancellationToken)
                .ConfigureAwait(false);
            return Write(type, request, response, lease.Store);
        }
        catch (TandemException away) when (away.Fault.Kind is FaultKind.Unavailable or FaultKind.Conflict)
        {
            return Write(type, request, response, features: null);
        }
    }

    private EventRecord[] Write(
        string type, RecommendRequest request, RecommendResponse response, FeatureStore? features)
    {
        DateTimeOffset now = clock.GetUtcNow();
        float[] values = ArrayPool<float>.Shared.Rent(response.Items.Count * set.Count);
        string[] items = [.. response.Items.Select(static item => item.Id)];
        JournalPosition? seenUntil = features?.ReadTogether(() => Read(
            features.Reader(set), request, items, now, values.AsSpan(0, items.Length * set.Count)));

        ArrayBufferWriter<byte> json = new(256);
        var events = new EventRecord[response.Items.Count];
        for (int i = 0; i < events.Length; i++)
        {
            RecommendedItem item = response.Items[i];
            json.ResetWrittenCount();
            if (seenUntil is { } seen)
            {
                ServedFeatures.Write(set, values.AsSpan(i * set.Count, set.Count), seen, json);
            }

            events[i] = new EventRecord
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{response.RequestId}-{item.Position}"),
                Type = type,
                Entities = request.UserId is null
                    ? [new EntityKey(itemEntity, item.Id)]
                    : [new EntityKey(userEntity, request.UserId), new EntityKey(itemEntity, item.Id)],
                EventTime = now,
                RequestId = response.RequestId,
                Position = item.Position,
                Propensity = item.Propensity,
                ModelVersion = response.ModelVersion,
                Features = json.WrittenSpan.ToArray(),
                Data = request.Context,
            };
        }

        ArrayPool<float>.Shared.Return(values);
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

    /// <summary>Fills one vector an item, all as of one moment.</summary>
    private void Read(
        FeatureReader reader, RecommendRequest request, string[] items, DateTimeOffset now, Span<float> values) =>
        reader.ReadRows(
            new FeatureRequest { AsOf = now, Entity = userEntity, Id = request.UserId, Context = request.Context },
            itemEntity, items, values);
}
