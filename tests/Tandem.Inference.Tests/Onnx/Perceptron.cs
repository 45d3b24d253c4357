using Tandem.Inference.Onnx;

namespace Tandem.Inference.Tests.Onnx;

/// <summary>Two layers with a rectifier between and a logistic end, as an ONNX file and as its twin in float64.</summary>
internal sealed class Perceptron
{
    private readonly float[] _first;
    private readonly float[] _firstBias;
    private readonly float[] _second;
    private readonly float[] _secondBias;

    public Perceptron(int inputs, int hidden, int outputs, Random random)
    {
        Inputs = inputs;
        Hidden = hidden;
        Outputs = outputs;
        _first = Draw(inputs * hidden, random);
        _firstBias = Draw(hidden, random);
        _second = Draw(hidden * outputs, random);
        _secondBias = Draw(outputs, random);
    }

    public int Inputs { get; }

    public int Hidden { get; }

    public int Outputs { get; }

    /// <summary>Values between −1 and 1.</summary>
    public static float[] Draw(int count, Random random)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    /// <summary>The model; rows −1 leaves their number free.</summary>
    public byte[] ToOnnx(int rows = -1) => new OnnxWriter()
        .Input("x", OnnxElement.Float32, rows, Inputs)
        .Output("y", OnnxElement.Float32, rows, Outputs)
        .Weights("w1", _first, Inputs, Hidden)
        .Weights("b1", _firstBias, Hidden)
        .Weights("w2", _second, Hidden, Outputs)
        .Weights("b2", _secondBias, Outputs)
        .Node("Gemm", ["x", "w1", "b1"], "h")
        .Node("Relu", ["h"], "r")
        .Node("Gemm", ["r", "w2", "b2"], "s")
        .Node("Sigmoid", ["s"], "y")
        .ToBytes();

    /// <summary>What the model must answer for some rows.</summary>
    public double[] Twin(ReadOnlySpan<float> x)
    {
        int rows = x.Length / Inputs;
        double[] answers = new double[rows * Outputs];
        double[] hidden = new double[Hidden];
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < Hidden; j++)
            {
                double sum = _firstBias[j];
                for (int i = 0; i < Inputs; i++)
                {
                    sum += (double)x[(row * Inputs) + i] * _first[(i * Hidden) + j];
                }

                hidden[j] = Math.Max(sum, 0);
            }

            for (int k = 0; k < Outputs; k++)
            {
                double sum = _secondBias[k];
                for (int j = 0; j < Hidden; j++)
                {
                    sum += hidden[j] * _second[(j * Outputs) + k];
                }

                answers[(row * Outputs) + k] = 1 / (1 + Math.Exp(-sum));
            }
        }

        return answers;
    }
}
