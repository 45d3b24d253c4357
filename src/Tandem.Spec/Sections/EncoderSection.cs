using Tandem.Spec.Grammar;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Sections;

/// <summary><c>encoders</c>.</summary>
internal static class EncoderSection
{
    private static readonly Shape<string> Kind =
        new WordShape([.. EncoderSpec.NumberKinds, .. EncoderSpec.TextKinds, EncoderSpec.None]);

    private static readonly SectionShape<EncoderSpec> Encoder =
        new SectionShape<EncoderSpec>("an encoder, or a mapping with kind and its settings", Seed)
            .Required("kind", Kind, s => s.Kind, (s, v) => s with { Kind = v },
                "For numbers: standardise, or bins (one column for each of equally filled ones). For texts and lists: " +
                "vocabulary, hashing, target (rate of positives), words (hashed), tf_idf, embedding (a model in ONNX); " +
                "image (of the picture that the text names). none leaves the feature out.")
            .Key("log", Shapes.Flag.OrNone(), s => s.Log, (s, v) => s with { Log = v },
                "For standardise: whether the signed logarithm comes first. Without it: where values are skewed.")
            .Key("clip", Shapes.Number(0, 0.25), s => s.Clip, (s, v) => s with { Clip = v },
                "For standardise: share of the values at each end that is drawn in to the fitted quantile.")
            .Key("missing", Shapes.Flag, s => s.Missing, (s, v) => s with { Missing = v },
                "For standardise: true to add a column that says that the value is missing.")
            .Key("bins", Shapes.Whole(2, 1000), s => s.Bins, (s, v) => s with { Bins = v }, "For bins: how many.")
            .Key("minimum_count", Shapes.Whole(1, 1_000_000), s => s.MinimumCount,
                (s, v) => s with { MinimumCount = v },
                "For vocabulary and tf_idf: occurrences from which a value or word has a column of its own.")
            .Key("buckets", Shapes.Whole(2, 1 << 20), s => s.Buckets, (s, v) => s with { Buckets = v },
                "For hashing and words: number of columns.")
            .Key("strength", Shapes.Number(0, 1e9), s => s.Strength, (s, v) => s with { Strength = v },
                "For target: rows that the overall rate counts for beside a value's own.")
            .Key("model", Texts.SideFile.OrNothing(), s => s.Model, (s, v) => s with { Model = v },
                "For embedding: the model of BERT's kind; for image: a model of pictures, or none to describe colours " +
                "and edges. An ONNX file beside this one.")
            .Key("vocabulary", Texts.SideFile.OrNothing(), s => s.Vocabulary, (s, v) => s with { Vocabulary = v },
                "For embedding: the model's vocab.txt.")
            .Key("length", Shapes.Whole(3, 512), s => s.Length, (s, v) => s with { Length = v },
                "For embedding: pieces of a text that are read; the rest is cut off.")
            .Key("lower", Shapes.Flag, s => s.Lower, (s, v) => s with { Lower = v },
                "For embedding: false where the model tells upper from lower case (cased).")
            .Key("folder", Texts.SideFolder.OrNothing(), s => s.Folder, (s, v) => s with { Folder = v },
                "For image: the folder of the pictures that the feature names.")
            .Key("components", Shapes.Whole(1, 256).OrNone(), s => s.Components, (s, v) => s with { Components = v },
                "For embedding and image: principal components that are kept of a vector. Without it: all its numbers.")
            .Shorthand(Kind, (s, v) => s with { Kind = v }, s => s.Kind)
            .Check(CheckKeys);

    public static readonly Shape<IReadOnlyDictionary<string, EncoderSpec>> Encoders =
        Shapes.Map(Texts.Any, Encoder, "view:feature: encoder");

    private static EncoderSpec Seed() => new() { Kind = "" };

    private static void CheckKeys(EncoderSpec encoder, Node node, Reading reading)
    {
        if (encoder.Kind.Length == 0)
        {
            return;
        }

        var map = node as MapNode;
        string[] needed = encoder.Kind switch
        {
            EncoderSpec.Embedding => ["model", "vocabulary"],
            EncoderSpec.Image => ["folder"],
            _ => [],
        };
        if (needed.FirstOrDefault(key => map?.Find(key) is null) is { } missing)
        {
            reading.ReportWhole(node, SpecErrors.OperatorNeeds(encoder.Kind, missing, reading.Path));
        }

        IReadOnlyList<string> read = encoder.Kind switch
        {
            "standardise" => ["log", "clip", "missing"],
            "bins" => ["bins"],
            "vocabulary" or "tf_idf" => ["minimum_count"],
            "hashing" or "words" => ["buckets"],
            "target" => ["strength"],
            EncoderSpec.Embedding => [.. needed, "length", "lower", "components"],
            EncoderSpec.Image => [.. needed, "model", "components"],
            _ => [],
        };
        string[] all =
        [
            "log", "clip", "missing", "bins", "minimum_count", "buckets", "strength", "model", "vocabulary", "length",
            "lower", "folder", "components",
        ];
        if (all.FirstOrDefault(key => map?.Find(key) is not null && !read.Contains(key, StringComparer.Ordinal))
            is { } extra)
        {
            reading.ReportWhole(node, SpecErrors.OperatorTakesNo(encoder.Kind, extra, read, reading.Path));
        }
    }
}
