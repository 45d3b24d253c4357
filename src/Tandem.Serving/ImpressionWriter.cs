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
        JournalPosition seenUntil = store.ReadTogether(() => Read(request, response, now, values));

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
            };
        }

        ArrayPool<float>.Shared.Return(values);
        return events;
    }

    /// <summary>Fills one vector an item, all as of one moment; what belongs to the request is read once.</summary>
    private void Read(RecommendRequest request, RecommendResponse response, DateTimeOffset now, float[] values)
    {
        Span<float> first = values.AsSpan(0, set.Count);
        first.Fill(float.NaN);
        _reader.Read(FeatureView.GlobalEntity, "", now, first);
        if (request.UserId is { } user)
        {
            _reader.Read(userEntity, user, now, first);
        }

        for (int i = response.Items.Count - 1; i >= 0; i--)
        {
            Span<float> vector = values.AsSpan(i * set.Count, set.Count);
            first.CopyTo(vector);
            _reader.Read(itemEntity, response.Items[i].Id, now, vector);
        }
    }
}
