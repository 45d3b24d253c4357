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
