using System.Text.Json.Serialization;

namespace Tandem.Monitoring.Drift;

/// <summary>What a comparison found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftVerdict>))]
public enum DriftVerdict
{
    /// <summary>Enough rows, and no change that counts.</summary>
    [JsonStringEnumMemberName("steady")]
    Steady = 0,

    /// <summary>A change that counts, beyond chance.</summary>
    [JsonStringEnumMemberName("drifted")]
    Drifted = 1,

    /// <summary>Too few rows to say either.</summary>
    [JsonStringEnumMemberName("insufficient-data")]
    InsufficientData = 2,
}
