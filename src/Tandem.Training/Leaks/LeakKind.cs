using System.Text.Json.Serialization;

namespace Tandem.Training.Leaks;

/// <summary>A way in which a training set can know what it is to predict.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeakKind>))]
public enum LeakKind
{
    /// <summary>A row, or the value of a feature, is from after its label.</summary>
    [JsonStringEnumMemberName("newer-than-label")]
    NewerThanLabel = 0,

    /// <summary>A feature tells the labels apart all by itself.</summary>
    [JsonStringEnumMemberName("predicts-alone")]
    PredictsAlone = 1,

    /// <summary>A row stands twice in the set: in two parts of the split, or in one.</summary>
    [JsonStringEnumMemberName("duplicate-rows")]
    DuplicateRows = 2,

    /// <summary>Rows to learn from are later than rows to judge on.</summary>
    [JsonStringEnumMemberName("parts-out-of-order")]
    PartsOutOfOrder = 3,

    /// <summary>A feature is the rate of positives of its rows, each row's own label included.</summary>
    [JsonStringEnumMemberName("own-label")]
    OwnLabel = 4,
}
