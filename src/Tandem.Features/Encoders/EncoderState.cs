using System.Text.Json.Serialization;

namespace Tandem.Features.Encoders;

/// <summary>What was fitted for one feature; <c>docs/formats/encoders.md</c>. What a kind does not need is left
/// out.</summary>
internal sealed record EncoderState
{
    /// <summary>Name of the feature, <c>view:feature</c>.</summary>
    public required string Feature { get; init; }

    /// <summary>Name of the encoder.</summary>
    public required string Kind { get; init; }

    /// <summary>True where the signed logarithm comes first.</summary>
    public bool Log { get; init; }

    /// <summary>What magnitudes are divided by before the logarithm, above 0; null for 1.</summary>
    public double? Unit { get; init; }

    /// <summary>Smallest value let through, before the logarithm; null for none.</summary>
    public double? Low { get; init; }

    /// <summary>Largest value let through; null for none.</summary>
    public double? High { get; init; }

    /// <summary>Mean that is taken away.</summary>
    public double Mean { get; init; }

    /// <summary>Deviation that is divided by, above 0.</summary>
    public double Deviation { get; init; }

    /// <summary>True where a column says that the value is missing.</summary>
    public bool Missing { get; init; }

    /// <summary>Inner edges of bins, rising; a value belongs to the bin right of the last edge that is not above
    /// it.</summary>
    public IReadOnlyList<double> Edges { get; init; } = [];

    /// <summary>Values of a vocabulary or a target encoding.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Rate of positives of each value.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [];

    /// <summary>Rate of values that were not met.</summary>
    public double Prior { get; init; }

    /// <summary>Number of hashed columns.</summary>
    public int Buckets { get; init; }

    /// <summary>Text statistics, as <c>docs/formats/text-statistics.md</c> says.</summary>
    public byte[]? Statistics { get; init; }

    /// <summary>Name of the file of a model that reads texts or pictures, kept beside.</summary>
    public string? Model { get; init; }

    /// <summary>Name of the file of its vocabulary.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>Pieces of a text that it reads.</summary>
    public int Length { get; init; }

    /// <summary>True where it reads lower case without accents.</summary>
    public bool Lower { get; init; }

    /// <summary>Folder of pictures, relative to that of tandem.yaml.</summary>
    public string? Folder { get; init; }

    /// <summary>Directions that are kept of an embedding; 0 for the embedding itself.</summary>
    public int Components { get; init; }

    /// <summary>Mean of the embeddings, then one direction after another, as float32, little-endian; null without
    /// <see cref="Components"/>.</summary>
    public byte[]? Projection { get; init; }
}

/// <summary>The whole file.</summary>
/// <param name="Format">Always <c>tandem-encoders</c>.</param>
/// <param name="Version">Version of the format.</param>
/// <param name="Numbers">Names of the numbers of a row, in order.</param>
/// <param name="Texts">Names of the text features of a row, in order.</param>
/// <param name="Encoders">The encoders, in the order of their columns.</param>
internal sealed record EncoderFile(
    string Format, int Version, IReadOnlyList<string> Numbers, IReadOnlyList<string> Texts,
    IReadOnlyList<EncoderState> Encoders);

/// <summary>Generated JSON code of encoders.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(EncoderFile))]
internal sealed partial class EncoderJson : JsonSerializerContext;
