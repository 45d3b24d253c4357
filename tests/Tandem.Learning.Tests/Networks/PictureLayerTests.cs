using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Networks;

/// <summary>Layers of pictures; rows go in and come out without the zeros that lie around pictures.</summary>
public sealed class PictureLayerTests
{
    [Theory]
    [InlineData(1, 4, 5, 2)]
    [InlineData(3, 5, 4, 4)]
    [InlineData(2, 1, 1, 3)]
    [InlineData(17, 3, 3, 33)]
    public void Convolution_HasTheGradientOfItsDifferences(int channels, int height, int width, int output)
    {
        PictureShape shape = new(channels, height, width);
        GradientCheck.Layer(
            layout => Framed(shape, new Convolution(layout, "conv", shape, output), shape with { Channels = output }), 5,
            seed: 13);
    }

    [Theory]
    [InlineData(2, 5, 4, 3)]
    [InlineData(1, 14, 14, 32)]
    [InlineData(32, 7, 6, 40)]
    public void Convolution_AgreesWithItsTwin(int channels, int height, int width, int outputs)
    {
        PictureShape shape = new(channels, height, width);
        ParameterLayout layout = new();
        Chain layer = Framed(
            shape, new Convolution(layout, "conv", shape, outputs), shape with { Channels = outputs });
        SeededRandom random = new(14);
        float[] weights = [.. GradientCheck.Rows(1, layout.Length, ref random).Values];
        RowBuffer input = GradientCheck.Rows(2, layer.InputWidth, ref random);

        RowBuffer output = layer.Forward(input, new LayerPass(weights, []));

        for (int at = 0; at < output.Values.Length; at++)
        {
            (int row, int place) = Math.DivRem(at / outputs, shape.Area);
            (int y, int x) = Math.DivRem(place, width);
            double expected = 0;
            for (int i = 0; i < 9 * channels; i++)
            {
                int fromY = y + (i / channels / 3) - 1;
                int fromX = x + (i / channels % 3) - 1;
                bool isInside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
                expected += isInside
                    ? (double)weights[(i * outputs) + (at % outputs)]
                        * input.Row(row)[(((fromY * width) + fromX) * channels) + (i % channels)]
                    : 0;
            }

            // Up to 288 products of normal numbers in float32.
            Assert.Equal(expected, output.Values[at], 1e-4);
        }
    }

    [Fact]
    public void Convolution_ThatIsFirst_HasTheSameGradientOfItsWeights_AndNoRows()
    {
        PictureShape shape = new(3, 6, 5);
        SeededRandom random = new(16);
        RowBuffer input = GradientCheck.Rows(4, new Framing(shape).InputWidth, ref random);
        RowBuffer slopes = GradientCheck.Rows(4, new Framing(shape with { Channels = 7 }).InputWidth, ref random);
        float[][] gradients = new float[2][];
        for (int first = 0; first < 2; first++)
        {
            ParameterLayout layout = new();
            Convolution layer = new(layout, "conv", shape, 7, isFirst: first == 1);
            LayerPass pass = new(layout.Draw(1), new float[layout.Length]);
            layer.Forward(new Framing(shape).Forward(input, pass), pass);
            RowBuffer back = layer.Backward(new Framing(layer.Output).Forward(slopes, pass), pass);
            gradients[first] = pass.Gradients;

            Assert.Equal(first == 1 ? 0 : 4, back.Count);
        }

        Assert.Equal(gradients[0], gradients[1]);
    }

    // Whole numbers apart, so that no difference changes which is the largest.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(19)]
    public void MaxPooling_TakesTheLargest_AndSendsItsGradientThere(int channels)
    {
        PictureShape shape = new(channels, 5, 4);
        MaxPooling pooling = new(shape);
        Chain layer = Framed(shape, pooling, pooling.Output);
        RowBuffer input = new(layer.InputWidth);
        input.Resize(1);
        for (int i = 0; i < input.Width; i++)
        {
            input.Values[i] = (i * 7 % input.Width) - 20;
        }

        float[] output = [.. layer.Forward(input, new LayerPass([], [])).Values];
        RowBuffer gradient = new(layer.OutputWidth);
        gradient.Resize(1);
        for (int i = 0; i < gradient.Width; i++)
        {
            gradient.Values[i] = i + 1;
        }

        float[] back = [.. layer.Backward(gradient, new LayerPass([], [])).Values];

        Assert.Equal(4 * channels, output.Length);
        for (int i = 0; i < output.Length; i++)
        {
            int corner = (((i / channels / 2 * 2) * 4) + (i / channels % 2 * 2)) * channels;
            int[] square = [.. new[] { 0, 1, 4, 5 }.Select(place => corner + (place * channels) + (i % channels))];
            int largest = square.MaxBy(at => input.Values[at]);
            Assert.Equal(input.Values[largest], output[i]);
            Assert.All(square, at => Assert.Equal(at == largest ? i + 1 : 0, back[at]));
        }

        Assert.Equal(gradient.Values.ToArray().Sum(), back.Sum());
    }

    [Fact]
    public void MaxPooling_OfEqualNumbers_SendsItsGradientToTheFirst()
    {
        foreach (int channels in (int[])[3, 16])
        {
            PictureShape shape = new(channels, 2, 2);
            MaxPooling pooling = new(shape);
            Chain layer = Framed(shape, pooling, pooling.Output);
            RowBuffer input = new(layer.InputWidth);
            input.Resize(1);
            layer.Forward(input, new LayerPass([], []));
            RowBuffer gradient = new(channels);
            gradient.Resize(1);
            gradient.Values.Fill(1);

            float[] back = [.. layer.Backward(gradient, new LayerPass([], [])).Values];

            Assert.Equal([.. Enumerable.Range(0, 4 * channels).Select(i => i < channels ? 1f : 0)], back);
        }
    }

    [Fact]
    public void BatchNorm_HasTheGradientOfItsDifferences()
    {
        PictureShape shape = new(5, 3, 2);
        GradientCheck.Layer(layout => Framed(shape, new BatchNorm(layout, "norm", shape), shape), 4, seed: 17, inputScale: 3);
    }

    [Fact]
    public void BatchNorm_StandardisesEachChannel_AndOnceLearnedByWhatItKeeps()
    {
        PictureShape shape = new(19, 4, 3);
        ParameterLayout layout = new();
        BatchNorm norm = new(layout, "norm", shape);
        Chain layer = Framed(shape, norm, shape);
        LayerPass pass = new(layout.Draw(1), []) { IsTraining = true };
        SeededRandom random = new(18);
        RowBuffer input = GradientCheck.Rows(6, layer.InputWidth, ref random, scale: 5);
        foreach (ref float value in input.Values)
        {
            value += 3;
        }

        float[] learning = [.. layer.Forward(input, pass).Values];
        for (int channel = 0; channel < 19; channel++)
        {
            double[] values = [.. learning.Where((_, at) => at % 19 == channel)];
            Assert.Equal(0, values.Average(), 1e-4);
            Assert.Equal(1, values.Average(static value => value * value), 1e-3);
            norm.Means.In(pass.Parameters)[channel] = (float)norm.BlockMeans[channel];
            norm.Variances.In(pass.Parameters)[channel] = (float)norm.BlockVariances[channel];
        }

        pass.IsTraining = false;
        float[] learned = [.. layer.Forward(input, pass).Values];
        Assert.All(Enumerable.Range(0, learned.Length), at => Assert.Equal(learning[at], learned[at], 1e-5));
    }

    private static Chain Framed(PictureShape input, ILayer layer, PictureShape output) =>
        new(new Framing(input), layer, new Flattening(output));

    /// <summary>Puts zeros around pictures: what <see cref="Flattening"/> undoes.</summary>
    private sealed class Framing(PictureShape shape) : ILayer
    {
        private readonly Flattening _flattening = new(shape);

        public int InputWidth => _flattening.OutputWidth;

        public int OutputWidth => _flattening.InputWidth;

        public RowBuffer Forward(RowBuffer input, LayerPass pass) => _flattening.Backward(input, pass);

        public RowBuffer Backward(RowBuffer gradient, LayerPass pass) => _flattening.Forward(gradient, pass);
    }
}
