using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Monitoring.Files;
using Tandem.Storage;

namespace Tandem.Monitoring.Alerts;

/// <summary>Something that changed and that a person, or the training loop, should know.</summary>
public sealed record Alert
{
    /// <summary>Type of the events that carry alerts in the raw log.</summary>
    public const string EventType = "alert";

    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>How much it matters; a notice is no alarm.</summary>
    public required AlertSeverity Severity { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public required string What { get; init; }

    /// <summary>Where: the name of a model or a source.</summary>
    public required string Where { get; init; }

    /// <summary>When it was noticed, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Alerts with equal keys are one alert.</summary>
    public required string Key { get; init; }

    /// <summary>The numbers behind it.</summary>
    public required AlertEvidence Evidence { get; init; }

    /// <summary>The alert as a fact for the raw log. Its id comes from <see cref="Key"/>, so that the log keeps equal
    /// alerts once.</summary>
    /// <param name="tenant">Tenant of the log.</param>
    public EventRecord ToEvent(string tenant = StoreLayout.DefaultTenant) => new()
    {
        Id = $"alert:{ContentHash.Of(Encoding.UTF8.GetBytes(Key))}",
        Type = EventType,
        EventTime = Time,
        ModelVersion = Evidence.Reference,
        Tenant = tenant,
        Data = JsonSerializer.SerializeToUtf8Bytes(this, CompactMonitoringJson.Default.Alert),
    };

    /// <summary>Reads an alert back from the raw log.</summary>
    /// <param name="record">An event of type <see cref="EventType"/>.</param>
    /// <exception cref="Faults.TandemException">MON001: the event is not an alert.</exception>
    public static Alert FromEvent(EventRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            return JsonSerializer.Deserialize(record.Data.Span, CompactMonitoringJson.Default.Alert)
                ?? throw MonitoringErrors.NotWhatWasWritten($"event {record.Id}", "an alert");
        }
        catch (JsonException exception)
        {
            throw MonitoringErrors.NotWhatWasWritten($"event {record.Id}", "an alert", exception);
        }
    }
}
