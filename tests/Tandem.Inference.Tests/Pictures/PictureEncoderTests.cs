using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;

namespace Tandem.Inference.Tests.Pictures;

public sealed class PictureEncoderTests
{
    private const int Width = 9;
    private const int Height = 6;

    private static readonly byte[] Pixels = TestPictures.Noise(Width * Height * 3, 11);

    private static readonly Picture Drawn = Picture.Open(PngWriter.Write(Width, Height, PngWriter.Rgb, Pixels));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Encode_GivesTheModelThePictureAsItTakesIt(bool isLast)
    {
        int[] shape = isLast ? [-1, Height, Width, 3] : [-1, 3, Height, Width];
        using OnnxModel model = Flatten(shape);
        var encoder = new PictureEncoder(model, PictureScale.Centred);
        float[] embedding = new float[encoder.Length];

        encoder.Encode(Drawn, embedding);

        Assert.Equal(Width * Height * 3, encoder.Length);
        Assert.Equal(new PictureSize(Width, Height), encoder.Size);
        double[] values = [.. Pixels.Select(value => (value / 127.5) - 1)];
        double length = Math.Sqrt(values.Sum(value => value * value));
        for (int i = 0; i < values.Length; i++)
        {
            int at = isLast ? i : (i % 3 * Width * Height) + (i / 3);
            Assert.Equal(values[i] / length, embedding[at], 1e-5);
        }
    }

    [Fact]
    public void Encode_UnlessSaidOtherwise_ScalesAsForImageNet()
    {
        using OnnxModel model = Flatten([1, 3, Height, Width]);
        float[] embedding = new float[Width * Height * 3];
        float[] read = new float[embedding.Length];
        Drawn.Read(new PictureSize(Width, Height), PictureScale.ImageNet, PictureLayout.ChannelsFirst, read);

        new PictureEncoder(model).Encode(Drawn, embedding);

        double length = Math.Sqrt(read.Sum(value => (double)value * value));
        Assert.All(Enumerable.Range(0, read.Length), i => Assert.Equal(read[i] / length, embedding[i], 1e-5));
    }

    [Theory]
    [InlineData(-1, 3, -1, 8)]
    [InlineData(-1, 4, 8, 8)]
    [InlineData(2, 3, 8, 8)]
    [InlineData(-1, 3, 9000, 8)]
    [InlineData(-1, 3)]
    public void Encoder_OfAModelThatTakesNoPicture_NamesItsPorts(params int[] shape)
    {
        using OnnxModel model = Flatten(shape);

        Fault fault = Assert.Throws<TandemException>(() => new PictureEncoder(model)).Faults[0];

        Assert.Equal("INF011", fault.Code);
        Assert.Contains("x: Float32[", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_IntoRoomOfAnotherLength_Throws()
    {
        using OnnxModel model = Flatten([1, 3, Height, Width]);

        Assert.Throws<ArgumentException>(() => new PictureEncoder(model).Encode(Drawn, new float[5]));
    }

    private static OnnxModel Flatten(int[] shape)
    {
        int length = shape.Skip(1).Aggregate(1, (product, side) => side < 0 || product < 0 ? -1 : product * side);
        return OnnxModel.Load(new OnnxWriter()
            .Input("x", OnnxElement.Float32, shape)
            .Output("y", OnnxElement.Float32, shape[0], length)
            .Node("Flatten", ["x"], "y")
            .ToBytes());
    }
}
