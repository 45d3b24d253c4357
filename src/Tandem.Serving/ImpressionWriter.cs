using System.Buffers;
using System.Globalization;
using Tandem.Events;
using Tandem.Features;

namespace Tandem.Serving;

/// <summary>Turns an answer into impressions: one event for every shown position, with the feature values as they
/// were.</summary>
internal sealed class ImpressionWriter(FeatureReader features, string userEntity, string itemEntity, TimeProvider clock)
{
    public EventRecord[] Write(string type, RecommendRequest request, RecommendResponse response)
    {
        DateTimeOffset now = clock.GetUtcNow();
        float[] values = ArrayPool<float>.Shared.Rent(features.Set.Count);
        Span<float> vector = values.AsSpan(0, features.Set.Count);
        vector.Fill(float.NaN);
        if (request.UserId is { } user)
        {
            features.Read(userEntity, user, now, vector);
        }

        ArrayBufferWriter<byte> json = new(256);
        var events = new EventRecord[response.Items.Count];
        for (int i = 0; i < events.Length; i++)
        {
            RecommendedItem item = response.Items[i];
            features.Read(itemEntity, item.Id, now, vector);
            json.ResetWrittenCount();
            features.Set.WriteJson(vector, json);
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
}
