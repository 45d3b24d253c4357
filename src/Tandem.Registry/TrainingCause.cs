using System.Text.Json.Serialization;

namespace Tandem.Registry;

/// <summary>What started a training run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrainingCause>))]
public enum TrainingCause
{
    /// <summary>A person.</summary>
    [JsonStringEnumMemberName("manual")]
    Manual = 0,

    /// <summary>The clock.</summary>
    [JsonStringEnumMemberName("schedule")]
    Schedule = 1,

    /// <summary>An alert.</summary>
    [JsonStringEnumMemberName("drift")]
    Drift = 2,
}
