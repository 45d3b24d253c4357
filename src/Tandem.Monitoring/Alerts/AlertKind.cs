using System.Text.Json.Serialization;

namespace Tandem.Monitoring.Alerts;

/// <summary>What an alert is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertKind>))]
public enum AlertKind
{
    /// <summary>Features are no longer as in the training set.</summary>
    [JsonStringEnumMemberName("data-drift")]
    DataDrift = 0,

    /// <summary>The model errs more than it did.</summary>
    [JsonStringEnumMemberName("concept-drift")]
    ConceptDrift = 1,

    /// <summary>The model errs less than it did.</summary>
    [JsonStringEnumMemberName("improvement")]
    Improvement = 2,

    /// <summary>No events arrive.</summary>
    [JsonStringEnumMemberName("silence")]
    Silence = 3,

    /// <summary>Values served differ from the same values computed again for training.</summary>
    [JsonStringEnumMemberName("skew")]
    Skew = 4,
}
