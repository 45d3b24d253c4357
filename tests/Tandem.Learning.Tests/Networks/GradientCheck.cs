using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Networks;

/// <summary>Compares hand-written gradients with finite differences of the forward pass.</summary>
internal static class GradientCheck
{
    /// <summary>Step of the five-point difference. Its own error is O(step⁴); the float32 forward pass adds about 10⁻⁷ /
    /// step of the summed output.</summary>
    private const float Step = 0.02f;

    /// <summary>Checks the gradients of a layer's input and of all its parameters, where the loss is a random weighting of
    /// its output.</summary>
    public static void Layer(
        Func<ParameterLayout, ILayer> make, int rowCount, ulong seed, double tolerance = 3e-4, int[]? starts = null,
        float inputScale = 1)
    {
        ParameterLayout layout = new();
        ILayer layer = make(layout);
        float[] parameters = layout.Draw(seed);
        SeededRandom random = new(seed, stream: 99);
        foreach (ref float value in parameters.AsSpan())
        {
            // No bias at zero, no gain at one.
            value += 0.1f * (float)random.NextGaussian();
        }

        LayerPass pass = new(parameters, new float[layout.Length])
        {
            IsTraining = true,
            Seed = seed,
            Starts = starts ?? [0, rowCount],
            SequenceCount = starts is null ? 1 : starts.Length - 1,
        };
        RowBuffer input = Rows(rowCount, layer.InputWidth, ref random, inputScale);
        RowBuffer output = layer.Forward(input, pass);
        RowBuffer weights = Rows(output.Count, layer.OutputWidth, ref random);
        RowBuffer gradient = new(layer.OutputWidth);
        gradient.CopyFrom(weights);
        float[] inputGradient = [.. layer.Backward(gradient, pass).Values];
        double Loss() => Weigh(layer.Forward(input, pass), weights);

        Assert.Equal(input.Values.Length, inputGradient.Length);
        for (int i = 0; i < input.Values.Length; i++)
        {
            int at = i;
            AssertClose(Slope(Loss, () => ref input.Values[at]), inputGradient[i], tolerance, $"seed {seed}, input {i}");
        }

        foreach (Parameter parameter in layout.Parameters)
        {
            for (int i = 0; i < parameter.Length; i++)
            {
                int at = parameter.Start + i;
                AssertClose(
                    Slope(Loss, () => ref parameters[at]), pass.Gradients[at], tolerance,
                    $"seed {seed}, {parameter.Name}[{i}]");
            }
        }
    }

    public delegate ref float Place();

    /// <summary>The five-point difference of a function at one of its numbers.</summary>
    public static double Slope(Func<double> loss, Place place, float step = Step)
    {
        float before = place();
        double At(int steps)
        {
            place() = before + (steps * step);
            return loss();
        }

        double slope = ((8 * (At(1) - At(-1))) - (At(2) - At(-2))) / (12 * (double)step);
        place() = before;
        return slope;
    }

    public static void AssertClose(double expected, float actual, double tolerance, string where) =>
        Assert.True(
            Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)),
            $"{where}: the difference quotient is {expected}, the gradient {actual}.");

    public static RowBuffer Rows(int count, int width, ref SeededRandom random, float scale = 1)
    {
        RowBuffer rows = new(width);
        rows.Resize(count);
        foreach (ref float value in rows.Values)
        {
            value = scale * (float)random.NextGaussian();
        }

        return rows;
    }

    private static double Weigh(RowBuffer output, RowBuffer weights)
    {
        double sum = 0;
        for (int i = 0; i < output.Values.Length; i++)
        {
            sum += (double)output.Values[i] * weights.Values[i];
        }

        return sum;
    }
}
