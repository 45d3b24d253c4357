using System.Text;
using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Inference.Texts;

namespace Tandem.Inference.Tests.Texts;

public sealed class TextEncoderTests
{
    // Single precision over a dozen additions and a tangent.
    private const double Tolerance = 2e-6;

    private static readonly string[] Pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "sat", "##s", "##ting", ".", "on", "mat", "dog"];

    private static readonly TinyBert Bert = new(Pieces, 7, new Random(5));

    private static readonly WordPiece Words = WordPiece.Load(Bert.Vocabulary);

    [Theory]
    [InlineData(-1, -1, true, false)]
    [InlineData(-1, -1, false, false)]
    [InlineData(-1, -1, true, true)]
    [InlineData(16, -1, true, false)]
    [InlineData(16, 1, true, false)]
    [InlineData(16, 1, false, true)]
    public void Encode_EqualsTheTwin_WhateverTheModelsDoors(int pieces, int rows, bool withKinds, bool withSentence)
    {
        using var model = OnnxModel.Load(Bert.ToOnnx(pieces, rows, withKinds, withSentence));
        TextEncoder encoder = new(model, Words, 16);
        string[] texts = ["The cat sat.", "", "dogs", "the zebra sat on the mats", "Cat cat cat sat sat sat on the"];
        string[][] cut =
        [
            ["the", "cat", "sat", "."], [], ["dog", "##s"], ["the", "[UNK]", "sat", "on", "the", "mat", "##s"],
            ["cat", "cat", "cat", "sat", "sat", "sat", "on", "the"],
        ];
        float[] embeddings = new float[texts.Length * encoder.Length];

        encoder.Encode(texts, embeddings);

        Assert.Equal(Bert.Length, encoder.Length);
        for (int text = 0; text < texts.Length; text++)
        {
            double[] twin = Bert.Twin(["[CLS]", .. cut[text], "[SEP]"], withKinds);
            Assert.All(
                Enumerable.Range(0, twin.Length),
                i => Assert.Equal(twin[i], embeddings[(text * twin.Length) + i], Tolerance));
        }
    }

    [Fact]
    public void Encode_MoreTextsThanOneRunTakes_KeepsTheirOrder()
    {
        using var model = OnnxModel.Load(Bert.ToOnnx());
        TextEncoder encoder = new(model, Words, 12);
        Random random = new(3);
        string[] texts =
        [
            .. Enumerable.Range(0, 101).Select(_ => string.Join(
                ' ', Enumerable.Range(0, random.Next(15)).Select(_ => Pieces[random.Next(9, Pieces.Length)]))),
        ];
        float[] embeddings = new float[texts.Length * encoder.Length];
        float[] alone = new float[encoder.Length];

        encoder.Encode(texts, embeddings);

        for (int text = 0; text < texts.Length; text++)
        {
            encoder.Encode([texts[text]], alone);
            Assert.All(
                Enumerable.Range(0, alone.Length),
                i => Assert.Equal(alone[i], embeddings[(text * alone.Length) + i], Tolerance));
        }
    }

    [Fact]
    public void Encode_OfTooLongAText_ReadsItsBeginning()
    {
        using var model = OnnxModel.Load(Bert.ToOnnx(pieces: 5));
        TextEncoder encoder = new(model, Words, 400);
        float[] embedding = new float[encoder.Length];

        encoder.Encode([string.Concat(Enumerable.Repeat("cat sat mat ", 10_000))], embedding);

        Assert.Equal(5, encoder.MaxLength);
        double[] twin = Bert.Twin(["[CLS]", "cat", "sat", "mat", "[SEP]"]);
        Assert.All(Enumerable.Range(0, twin.Length), i => Assert.Equal(twin[i], embedding[i], Tolerance));
    }

    [Fact]
    public void Encode_WhereTheModelAnswersWithNoNumber_GivesZeros()
    {
        byte[] root = new OnnxWriter()
            .Input("input_ids", OnnxElement.Int64, -1, -1)
            .Input("attention_mask", OnnxElement.Int64, -1, -1)
            .Output("y", OnnxElement.Float32, -1, -1, 2)
            .Weights("table", [1, float.NaN, 0, 0], 2, 2)
            .Node("Gather", ["table", "attention_mask"], "masked")
            .Node("Log", ["masked"], "y")
            .ToBytes();
        using var model = OnnxModel.Load(root);
        TextEncoder encoder = new(model, Words, 8);
        float[] embedding = [1, 1];

        encoder.Encode(["cat"], embedding);

        Assert.Equal([0, 0], embedding);
    }

    [Fact]
    public void Encoder_OfAVocabularyThatIsLongerThanTheModels_IsRefusedAtOnce()
    {
        using var model = OnnxModel.Load(Bert.ToOnnx());
        var longer = WordPiece.Load(Encoding.UTF8.GetBytes(string.Join('\n', [.. Pieces, "zebra"])));

        Fault fault = Assert.Throws<TandemException>(() => new TextEncoder(model, longer)).Faults[0];

        Assert.Equal("INF006", fault.Code);
    }

    [Theory]
    [InlineData("input_ids", "mask", OnnxElement.Int64)]
    [InlineData("ids", "attention_mask", OnnxElement.Int64)]
    [InlineData("input_ids", "attention_mask", OnnxElement.Float32)]
    public void Encoder_OfAModelThatTakesNoTexts_NamesItsPorts(string ids, string mask, OnnxElement element)
    {
        byte[] bytes = new OnnxWriter()
            .Input(ids, element, -1, 4)
            .Input(mask, element, -1, 4)
            .Output("y", OnnxElement.Float32, -1, 4)
            .Node("Add", [ids, mask], "sum")
            .Node("Cast", ["sum"], "y", ("to", (long)OnnxElement.Float32))
            .ToBytes();
        using var model = OnnxModel.Load(bytes);

        Fault fault = Assert.Throws<TandemException>(() => new TextEncoder(model, Words)).Faults[0];

        Assert.Equal("INF013", fault.Code);
        Assert.Contains($"{ids}: ", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoder_OfAnEmbeddingOfFreeLength_IsRefused()
    {
        byte[] bytes = new OnnxWriter()
            .Input("input_ids", OnnxElement.Int64, -1, -1)
            .Input("attention_mask", OnnxElement.Int64, -1, -1)
            .Output("y", OnnxElement.Float32, -1, -1)
            .Node("Add", ["input_ids", "attention_mask"], "sum")
            .Node("Cast", ["sum"], "y", ("to", (long)OnnxElement.Float32))
            .ToBytes();
        using var model = OnnxModel.Load(bytes);

        Assert.Equal("INF013", Assert.Throws<TandemException>(() => new TextEncoder(model, Words)).Faults[0].Code);
    }

    [Fact]
    public void Encode_IntoRoomOfAnotherLength_Throws()
    {
        using var model = OnnxModel.Load(Bert.ToOnnx());
        TextEncoder encoder = new(model, Words);

        Assert.Throws<ArgumentException>(() => encoder.Encode(["a", "b"], new float[encoder.Length]));
    }
}
