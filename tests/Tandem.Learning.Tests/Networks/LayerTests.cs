using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Networks;

public sealed class LayerTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 3, 7)]
    [InlineData(14, 33, 40)]
    public void Linear_HasTheGradientOfItsDifferences(int rows, int input, int output)
    {
        GradientCheck.Layer(layout => new Linear(layout, "one", input, output), rows, seed: 1);
        GradientCheck.Layer(layout => new Linear(layout, "one", input, output, hasBias: false), rows, seed: 2);
    }

    [Fact]
    public void Linear_IsAProductAndABias()
    {
        ParameterLayout layout = new();
        Linear layer = new(layout, "one", 2, 2);
        LayerPass pass = new([1, 2, 3, 4, 10, 20], []);
        RowBuffer input = new(2);
        input.Resize(1);
        input.Row(0)[0] = 5;
        input.Row(0)[1] = 7;

        Assert.Equal([5 + 21 + 10f, 10 + 28 + 20f], layer.Forward(input, pass).Values.ToArray());
    }

    // A kink lies between two points of a difference now and then; the seeds keep the inputs away from zero.
    [Fact]
    public void Relu_HasTheGradientOfItsDifferences()
    {
        SeededRandom random = new(3);
        Activation relu = new(ActivationFunction.Relu, 20);
        RowBuffer input = GradientCheck.Rows(3, 20, ref random);
        RowBuffer gradient = GradientCheck.Rows(3, 20, ref random);
        float[] before = [.. gradient.Values];
        LayerPass pass = new([], []);

        float[] output = [.. relu.Forward(input, pass).Values];
        float[] back = [.. relu.Backward(gradient, pass).Values];

        for (int i = 0; i < output.Length; i++)
        {
            Assert.Equal(Math.Max(input.Values[i], 0), output[i]);
            Assert.Equal(input.Values[i] > 0 ? before[i] : 0, back[i]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void SmoothActivations_HaveTheGradientOfTheirDifferences(int which)
    {
        ActivationFunction function =
            ((ActivationFunction[])[ActivationFunction.Gelu, ActivationFunction.Tanh, ActivationFunction.Sigmoid])[which];

        GradientCheck.Layer(_ => new Activation(function, 21), 4, seed: 4);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(6, 19)]
    public void LayerNorm_HasTheGradientOfItsDifferences(int rows, int width) =>
        GradientCheck.Layer(layout => new LayerNorm(layout, "norm", width), rows, seed: 5);

    [Fact]
    public void LayerNorm_OfAConstantRow_IsItsBias()
    {
        ParameterLayout layout = new();
        LayerNorm layer = new(layout, "norm", 4);
        LayerPass pass = new(layout.Draw(seed: 1), []);
        RowBuffer input = new(4);
        input.Resize(1);
        input.Row(0).Fill(1e6f);

        Assert.Equal([0f, 0, 0, 0], layer.Forward(input, pass).Values.ToArray());
    }

    [Fact]
    public void Dropout_HasTheGradientOfItsDifferences() =>
        GradientCheck.Layer(_ => new Dropout(0.4, 30, number: 2), 5, seed: 6);

    [Fact]
    public void Dropout_DropsItsShare_BySeedAndNumber_AndNothingWhenServing()
    {
        RowBuffer input = new(100);
        input.Resize(200);
        input.Values.Fill(1);
        LayerPass pass = new([], []) { IsTraining = true, Seed = 7 };

        float[] one = [.. new Dropout(0.3, 100, number: 1).Forward(input, pass).Values];
        float[] again = [.. new Dropout(0.3, 100, number: 1).Forward(input, pass).Values];
        float[] other = [.. new Dropout(0.3, 100, number: 2).Forward(input, pass).Values];
        pass.IsTraining = false;

        // 20,000 draws: a deviation of 0.0032.
        Assert.InRange(one.Count(value => value == 0) / 20000.0, 0.287, 0.313);
        Assert.InRange(one.Average(), 0.98, 1.02);
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
        Assert.Same(input, new Dropout(0.3, 100, number: 1).Forward(input, pass));
    }

    [Fact]
    public void CrossNetwork_HasTheGradientOfItsDifferences() =>
        GradientCheck.Layer(layout => new CrossNetwork(layout, "cross", 9, layerCount: 3), 4, seed: 8);

    [Theory]
    [InlineData(6, 1)]
    [InlineData(6, 3)]
    public void SelfAttention_HasTheGradientOfItsDifferences(int width, int heads) =>
        GradientCheck.Layer(
            layout => new SelfAttention(layout, "attention", width, heads), 9, seed: 10, starts: [0, 1, 6, 9]);

    /// <summary>Against the formula in float64, sequence by sequence: no row sees a later one or another sequence.</summary>
    [Fact]
    public void SelfAttention_AgreesWithItsTwin()
    {
        const int Width = 6;
        const int Heads = 2;
        int[] starts = [0, 4, 5, 12];
        ParameterLayout layout = new();
        SelfAttention layer = new(layout, "attention", Width, Heads);
        SeededRandom random = new(11);
        float[] parameters = [.. GradientCheck.Rows(1, layout.Length, ref random).Values];
        LayerPass pass = new(parameters, []) { Starts = starts, SequenceCount = 3 };
        RowBuffer input = GradientCheck.Rows(12, Width, ref random);

        float[] output = [.. layer.Forward(input, pass).Values];

        double Parameter(string name, int row, int column)
        {
            Parameter found = layout.Parameters.Single(parameter => parameter.Name == "attention." + name);
            return parameters[found.Start + (row * found.ColumnCount) + column];
        }

        double Projected(int row, int column) =>
            Enumerable.Range(0, Width).Sum(i => input.Row(row)[i] * Parameter("projection.weights", i, column))
            + Parameter("projection.bias", 0, column);

        for (int sequence = 0; sequence < 3; sequence++)
        {
            for (int row = starts[sequence]; row < starts[sequence + 1]; row++)
            {
                double[] mixed = new double[Width];
                for (int head = 0; head < Heads; head++)
                {
                    int at = head * Width / Heads;
                    int[] seen = [.. Enumerable.Range(starts[sequence], row + 1 - starts[sequence])];
                    double[] powers = [.. seen.Select(other => Math.Exp(Enumerable.Range(at, Width / Heads)
                        .Sum(i => Projected(row, i) * Projected(other, Width + i)) / Math.Sqrt(Width / Heads)))];
                    for (int i = at; i < at + (Width / Heads); i++)
                    {
                        mixed[i] = seen.Select((other, index) => powers[index] * Projected(other, (2 * Width) + i)).Sum()
                            / powers.Sum();
                    }
                }

                for (int column = 0; column < Width; column++)
                {
                    double expected = Enumerable.Range(0, Width).Sum(i => mixed[i] * Parameter("merge.weights", i, column))
                        + Parameter("merge.bias", 0, column);
                    Assert.Equal(expected, output[(row * Width) + column], 2e-5 * (1 + Math.Abs(expected)));
                }
            }
        }
    }

    [Fact]
    public void SelfAttention_WithUnevenHeads_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new SelfAttention(new ParameterLayout(), "attention", 6, 4));

    [Fact]
    public void PositionEmbedding_HasTheGradientOfItsDifferences() =>
        GradientCheck.Layer(
            layout => new PositionEmbedding(layout, "positions", longest: 5, width: 4, deviation: 1), 9, seed: 12,
            starts: [0, 1, 6, 9]);

    [Fact]
    public void UnitLength_HasTheGradientOfItsDifferences() =>
        GradientCheck.Layer(_ => new UnitLength(7), 5, seed: 15, inputScale: 2);

    [Fact]
    public void UnitLength_OfZeros_IsZeros()
    {
        RowBuffer input = new(3);
        input.Resize(1);
        UnitLength layer = new(3);
        LayerPass pass = new([], []);

        Assert.Equal([0f, 0, 0], layer.Forward(input, pass).Values.ToArray());
        Assert.Equal([0f, 0, 0], layer.Backward(input, pass).Values.ToArray());
    }

    [Fact]
    public void ChainsAndResiduals_HaveTheGradientOfTheirDifferences() =>
        GradientCheck.Layer(
            layout => new Chain(
                new Linear(layout, "first", 6, 10),
                new Residual(new Chain(
                    new LayerNorm(layout, "norm", 10),
                    new Linear(layout, "up", 10, 14),
                    new Activation(ActivationFunction.Gelu, 14),
                    new Dropout(0.2, 14, number: 1),
                    new Linear(layout, "down", 14, 10))),
                new Residual(new Dropout(0.2, 10, number: 2)),
                new Linear(layout, "last", 10, 3)),
            5, seed: 9);

    [Fact]
    public void Layout_GivesCopiesOfANetworkTheSamePlaces()
    {
        ParameterLayout layout = new();
        _ = new Linear(layout, "one", 3, 4);
        int length = layout.Length;

        _ = new Linear(layout, "one", 3, 4);

        Assert.Equal((3 * 4) + 4, length);
        Assert.Equal(length, layout.Length);
        Assert.Equal(layout.Draw(seed: 5), layout.Draw(seed: 5));
        Assert.NotEqual(layout.Draw(seed: 5), layout.Draw(seed: 6));
        Assert.Throws<ArgumentException>(() => new Linear(layout, "one", 4, 4));
    }
}
