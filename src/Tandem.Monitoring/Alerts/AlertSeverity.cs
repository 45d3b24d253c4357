using System.Text.Json.Serialization;

namespace Tandem.Monitoring.Alerts;

/// <summary>How much an alert matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertSeverity>))]
public enum AlertSeverity
{
    /// <summary>Good to know; no alarm.</summary>
    [JsonStringEnumMemberName("notice")]
    Notice = 0,

    /// <summary>Something should be done, such as training again.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning = 1,

    /// <summary>Something must be done now.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical = 2,
}
