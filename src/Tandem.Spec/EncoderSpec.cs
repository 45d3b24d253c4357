namespace Tandem.Spec;

/// <summary>How the values of a feature become inputs of a model.</summary>
public sealed record EncoderSpec
{
    /// <summary>Encoders of numbers.</summary>
    public static readonly IReadOnlyList<string> NumberKinds = ["standardise", "bins"];

    /// <summary>Encoders of texts and lists of texts.</summary>
    public static readonly IReadOnlyList<string> TextKinds =
        ["vocabulary", "hashing", "target", "words", "tf_idf", Embedding, Image];

    /// <summary>The kind that lets somebody's model read texts.</summary>
    public const string Embedding = "embedding";

    /// <summary>The kind that reads the pictures that texts name.</summary>
    public const string Image = "image";

    /// <summary>The kind that leaves a feature out.</summary>
    public const string None = "none";

    /// <summary>Name of the encoder: one of <see cref="NumberKinds"/> or <see cref="TextKinds"/>, or
    /// <see cref="None"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>For standardise: true to take the signed logarithm of 1 + |x| first; null to do so where the values are
    /// skewed and it makes them less so.</summary>
    public bool? Log { get; init; }

    /// <summary>For standardise: share of the values at each end that is drawn in to the fitted quantile, 0 to 0.25.</summary>
    public double Clip { get; init; }

    /// <summary>For standardise: true to add a column that says that the value is missing.</summary>
    public bool Missing { get; init; } = true;

    /// <summary>For bins: how many, equally filled, 2 to 1000.</summary>
    public int Bins { get; init; } = 10;

    /// <summary>For vocabulary and tf_idf: rows that a value or word must occur in to have a column of its own, at least
    /// 1.</summary>
    public int MinimumCount { get; init; } = 2;

    /// <summary>For hashing and words: number of columns, 2 to 1,048,576.</summary>
    public int Buckets { get; init; } = 1024;

    /// <summary>For target: rows that the overall rate counts for beside a value's own, at least 0.</summary>
    public double Strength { get; init; } = 20;

    /// <summary>For embedding and image: file of the model in ONNX, relative to the folder of tandem.yaml; for image null
    /// to describe pictures without a model.</summary>
    public string? Model { get; init; }

    /// <summary>For embedding: file of its vocabulary.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>For embedding: pieces of a text that are read, 3 to 512.</summary>
    public int Length { get; init; } = 64;

    /// <summary>For embedding: true where the model reads lower case without accents.</summary>
    public bool Lower { get; init; } = true;

    /// <summary>For embedding and image: directions in which the embeddings of the training rows differ most, of which a
    /// vector keeps its places alone, 1 to 256; null for all its numbers.</summary>
    public int? Components { get; init; }

    /// <summary>For image: folder of the pictures, relative to that of tandem.yaml.</summary>
    public string? Folder { get; init; }
}
