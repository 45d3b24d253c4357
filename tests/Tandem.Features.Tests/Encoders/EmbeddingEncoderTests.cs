using Tandem.Faults;
using Tandem.Features.Encoders;
using Tandem.Inference.Onnx;
using Tandem.Inference.Tests.Texts;
using Tandem.Inference.Texts;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Features.Tests.Encoders;

public sealed class EmbeddingEncoderTests : IDisposable
{
    private const double Tolerance = 2e-6;

    private static readonly TinyBert Bert = new(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "dog", "sat"], 5, new Random(8));

    private static readonly EncoderSpec Spec = new()
    {
        Kind = EncoderSpec.Embedding,
        Model = "tiny.onnx",
        Vocabulary = "vocab.txt",
        Length = 8,
    };

    private readonly TestFolder _folder = new();

    public EmbeddingEncoderTests()
    {
        File.WriteAllBytes(_folder["tiny.onnx"], Bert.ToOnnx());
        File.WriteAllBytes(_folder["vocab.txt"], Bert.Vocabulary);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_OfTexts_GivesWhatTheModelMakesOfTheNewest_AndZerosForNone()
    {
        var column = TextColumn.OfLists("v:f", [["cat"], [], ["dog", "the cat sat"], ["cat"]]);

        (FeatureEncoders encoders, EncodedRows rows) = Fit(column);

        Assert.Equal((Bert.Length, 0), (encoders.DenseCount, encoders.SparseCount));
        AssertNear(Bert.Twin(["[CLS]", "cat", "[SEP]"]), rows.Dense.AsSpan(0, Bert.Length));
        AssertNear(new double[Bert.Length], rows.Dense.AsSpan(Bert.Length, Bert.Length));
        AssertNear(
            Bert.Twin(["[CLS]", "[UNK]", "cat", "sat", "[SEP]"]), rows.Dense.AsSpan(2 * Bert.Length, Bert.Length));
        Assert.Equal(rows.Dense[..Bert.Length], rows.Dense[(3 * Bert.Length)..]);
    }

    [Fact]
    public void Load_WithTheFilesThatWereSaved_EncodesToTheSameBits()
    {
        var column = TextColumn.Of("v:f", ["cat sat", "dog", null]);
        (FeatureEncoders encoders, EncodedRows rows) = Fit(column);

        var loaded = FeatureEncoders.Load(encoders.Save(), encoders.Files);

        Assert.Equal(2, encoders.Files.Count);
        Assert.All(encoders.Files.Keys, static name => Assert.True(FeatureEncoders.IsFile(name)));
        Assert.Equal(rows.Dense, loaded.Encode(Rows(column)).Dense);
        Assert.Equal(encoders.Save(), loaded.Save());
        Assert.Empty(loaded.Files);
        Assert.True(loaded.IsSlow(0));
    }

    [Fact]
    public void Load_WithoutAFile_SaysSo()
    {
        (FeatureEncoders encoders, _) = Fit(TextColumn.Of("v:f", ["cat"]));

        Fault fault = Assert.Throws<TandemException>(() => FeatureEncoders.Load(encoders.Save())).Faults[0];

        Assert.Equal("FEA031", fault.Code);
    }

    [Fact]
    public void Encode_OfATextThatWasMet_AllocatesNothing()
    {
        (FeatureEncoders encoders, _) = Fit(TextColumn.Of("v:f", ["cat", "dog"]));
        string[] texts = ["dog"];
        int[] starts = [0, 1];
        float[] dense = new float[encoders.DenseCount];
        EncodeOne();

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                EncodeOne();
            }
        });

        Assert.Equal(0, allocated);

        void EncodeOne() => encoders.Encode(
            new FeatureRow { Numbers = [], Texts = texts, TextStarts = starts }, dense, [], []);
    }

    [Fact]
    public void Of_MoreTextsThanThereIsRoomFor_ForgetsTheOldestAndGivesTheSameBits()
    {
        using var model = OnnxModel.Load(Bert.ToOnnx());
        TextEncoder encoder = new(model, WordPiece.Load(Bert.Vocabulary), 8);

        // Each takes 120 + 4·5 + 2·3 bytes and some: eight fit into a generation.
        KeptEmbeddings embedding = EmbeddingEncoder.Keep(encoder, memoryBytes: 2 * 8 * 150);
        float[] alone = new float[Bert.Length];

        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 40; i++)
            {
                string text = $"{i:D3}";
                encoder.Encode([text], alone);
                Assert.Equal(alone, embedding.Of(text));
                Assert.Same(embedding.Of(text), embedding.Of(text));
            }
        }

        Assert.Equal(120, embedding.Runs);
        for (int i = 0; i < 100; i++)
        {
            embedding.Of("cat");
            embedding.Of($"{i:D3}");
        }

        // What is asked for again and again stays.
        Assert.Equal(221, embedding.Runs);
    }

    [Fact]
    public void Fit_WithoutTheFile_NamesIt()
    {
        File.Delete(_folder["vocab.txt"]);

        Fault fault = Assert.Throws<TandemException>(() => Fit(TextColumn.Of("v:f", ["cat"]))).Faults[0];

        Assert.Equal("FEA034", fault.Code);
        Assert.Equal(_folder["vocab.txt"], fault.Place);
    }

    [Fact]
    public void Fit_OfAFileThatIsNoModel_IsRefused()
    {
        File.WriteAllText(_folder["tiny.onnx"], "no model");

        Assert.Equal(
            "INF002",
            Assert.Throws<TandemException>(() => Fit(TextColumn.Of("v:f", ["cat"]))).Faults[0].Code);
    }

    private (FeatureEncoders Encoders, EncodedRows Rows) Fit(TextColumn column) => FeatureEncoders.Fit(
        Rows(column), new Dictionary<string, EncoderSpec>(StringComparer.Ordinal) { ["v:f"] = Spec }, _folder.Path);

    private static EncoderRows Rows(TextColumn column) => new()
    {
        Numbers = [],
        Values = [],
        Texts = [column],
        Labels = new float[column.RowCount],
        Times = new long[column.RowCount],
        IsTraining = [.. Enumerable.Repeat(true, column.RowCount)],
    };

    private static void AssertNear(double[] expected, ReadOnlySpan<float> found)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], Tolerance);
        }
    }
}
