using System.Text;
using Tandem.Inference.Onnx;

namespace Tandem.Inference.Tests.Texts;

/// <summary>A model of BERT's shape as an ONNX file and as its twin in float64: each piece's weights, moved by the mean of
/// the text's, through a hyperbolic tangent. What is filled up would move the mean, were it not for the mask.</summary>
internal sealed class TinyBert
{
    private const int Kinds = 2;

    private readonly string[] _pieces;
    private readonly float[] _weights;
    private readonly float[] _kinds;

    public TinyBert(string[] pieces, int length, Random random)
    {
        _pieces = pieces;
        Length = length;
        _weights = Draw(pieces.Length * length, random);
        _kinds = Draw(Kinds * length, random);
    }

    public int Length { get; }

    public byte[] Vocabulary => Encoding.UTF8.GetBytes(string.Join('\n', _pieces) + "\n");

    /// <summary>The model: hidden states first, unless it has an output <c>sentence_embedding</c> beside them.</summary>
    /// <param name="pieces">Pieces of a text; −1 leaves their number free.</param>
    /// <param name="texts">Texts of a run; −1 leaves their number free.</param>
    /// <param name="withKinds">True for the input token_type_ids.</param>
    /// <param name="withSentence">True to pool in the model.</param>
    public byte[] ToOnnx(int pieces = -1, int texts = -1, bool withKinds = true, bool withSentence = false)
    {
        OnnxWriter writer = new OnnxWriter()
            .Input("input_ids", OnnxElement.Int64, texts, pieces)
            .Input("attention_mask", OnnxElement.Int64, texts, pieces)
            .Output("last_hidden_state", OnnxElement.Float32, texts, pieces, Length)
            .Weights("table", _weights, _pieces.Length, Length)
            .Wholes("one", 1)
            .Node("Gather", ["table", "input_ids"], "word")
            .Node("Cast", ["attention_mask"], "seen", ("to", (long)OnnxElement.Float32))
            .Node("ReduceSum", ["seen", "one"], "count", ("keepdims", 1))
            .Node("Div", ["seen", "count"], "share")
            .Node("Unsqueeze", ["share", "one"], "shares");
        if (withKinds)
        {
            writer.Input("token_type_ids", OnnxElement.Int64, texts, pieces)
                .Weights("kinds", _kinds, Kinds, Length)
                .Node("Gather", ["kinds", "token_type_ids"], "kind")
                .Node("Add", ["word", "kind"], "state");
        }
        else
        {
            writer.Node("Identity", ["word"], "state");
        }

        writer.Node("MatMul", ["shares", "state"], "mean")
            .Node("Add", ["state", "mean"], "moved")
            .Node("Tanh", ["moved"], "last_hidden_state");
        if (withSentence)
        {
            writer.Output("sentence_embedding", OnnxElement.Float32, texts, Length)
                .Node("MatMul", ["shares", "last_hidden_state"], "pooled")
                .Node("Squeeze", ["pooled", "one"], "sentence_embedding");
        }

        return writer.ToBytes();
    }

    /// <summary>The embedding of a text of some pieces.</summary>
    public double[] Twin(string[] pieces, bool withKinds = true)
    {
        int[] ids = [.. pieces.Select(piece => Array.IndexOf(_pieces, piece))];
        double[][] states = [.. ids.Select(_ => new double[Length])];
        double[] mean = new double[Length];
        for (int i = 0; i < ids.Length; i++)
        {
            for (int j = 0; j < Length; j++)
            {
                states[i][j] = _weights[(ids[i] * Length) + j] + (withKinds ? (double)_kinds[j] : 0);
                mean[j] += states[i][j] / ids.Length;
            }
        }

        double[] pooled =
        [
            .. Enumerable.Range(0, Length).Select(j =>
                Enumerable.Range(0, ids.Length).Average(i => Math.Tanh(states[i][j] + mean[j]))),
        ];
        double length = Math.Sqrt(pooled.Sum(static value => value * value));
        return [.. pooled.Select(value => value / length)];
    }

    private static float[] Draw(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
