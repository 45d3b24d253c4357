using System.Buffers;
using System.Globalization;
using Tandem.Events;
using Tandem.Features;

namespace Tandem.Serving;

/// <summary>Turns an answer into impressions: one event for every shown position, with the feature values as they
/// were.</summary>
internal sealed class ImpressionWriter(
    FeatureStore store, FeatureSet set, string userEntity, string itemEntity, TimeProvider clock)
{
    private readonly FeatureReader _reader = store.Reader(set);

    public EventRecord[] Write(string type, RecommendRequest request, RecommendResponse response)
    {
        DateTimeOffset now = clock.GetUtcNow();
        float[] values = ArrayPool<float>.Shared.Rent(response.Items.Count * set.Count);
        string[] items = [.. response.Items.Select(static item => item.Id)];
        JournalPosition seenUntil = store.ReadTogether(
            () => Read(request, items, now, values.AsSpan(0, items.Length * set.Count)));

        ArrayBufferWriter<byte> json = new(256);
        var events = new EventRecord[response.Items.Count];
        for (int i = 0; i < events.Length; i++)
        {
            RecommendedItem item = response.Items[i];
            json.ResetWrittenCount();
            ServedFeatures.Write(set, values.AsSpan(i * set.Count, set.Count), seenUntil, json);
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

    /// <summary>Fills one vector an item, all as of one moment.</summary>
    private void Read(RecommendRequest request, string[] items, DateTimeOffset now, Span<float> values) =>
        _reader.ReadRows(
            new FeatureRequest { AsOf = now, Entity = userEntity, Id = request.UserId, Context = request.Context },
            itemEntity, items, values);
}
