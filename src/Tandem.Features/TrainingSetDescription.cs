using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Features;

/// <summary>What a training set was made of: the content of its <c>set.json</c>, whose hash names the set.</summary>
public sealed record TrainingSetDescription
{
    /// <summary>Name of the format.</summary>
    public string Format { get; init; } = "tandem-training-set";

    /// <summary>Version of the format.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Feature names as <c>view:feature</c>, in order of the columns.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Definition version of each view that was read, by name.</summary>
    public required IReadOnlyDictionary<string, string> Views { get; init; }

    /// <summary>Entities that each row names.</summary>
    public required IReadOnlyList<string> Entities { get; init; }

    /// <summary>Number of the lake manifest that was read.</summary>
    public required long Manifest { get; init; }

    /// <summary>The moment the set stands for, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Hash of the table: spine and values.</summary>
    public required string Table { get; init; }

    /// <summary>Hash of the spine alone; null in sets of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Spine { get; init; }

    /// <summary>Hash of the lake's files of each source that was read, by its name; null in sets of older
    /// versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Sources { get; init; }

    /// <summary>What each view means, key by key, by its name; null in sets of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Definitions { get; init; }

    /// <summary>What a set is made of, before its values are known.</summary>
    internal static TrainingSetDescription Of(
        FeatureSet set, Spine spine, string spineHash, long manifest, DateTimeOffset asOf,
        IReadOnlyDictionary<string, string>? sources) => new()
        {
            Rows = spine.Count,
            Features = set.Names,
            Views = ByView(set, static view => view.Version),
            Entities = spine.Entities,
            Manifest = manifest,
            AsOf = asOf.ToUniversalTime(),
            Table = "",
            Spine = spineHash,
            Sources = sources,
            Definitions = ByView(set, static view => view.Definition),
        };

    private static SortedDictionary<string, T> ByView<T>(FeatureSet set, Func<FeatureView, T> value) => new(
        set.Views.ToDictionary(view => view.Name, value, StringComparer.Ordinal), StringComparer.Ordinal);

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, FeaturesJson.Default.TrainingSetDescription);

    internal static TrainingSetDescription Read(byte[] bytes, string hash)
    {
        try
        {
            TrainingSetDescription? read =
                JsonSerializer.Deserialize(bytes, FeaturesJson.Default.TrainingSetDescription);
            return read is { Format: "tandem-training-set", FormatVersion: 1 }
                ? read
                : throw FeaturesErrors.DamagedSet(hash, "its description is not of version 1");
        }
        catch (JsonException error)
        {
            throw FeaturesErrors.DamagedSet(hash, error.Message);
        }
    }
}

/// <summary>Generated JSON code of this room.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(TrainingSetDescription))]
internal sealed partial class FeaturesJson : JsonSerializerContext;
