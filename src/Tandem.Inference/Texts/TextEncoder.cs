using Tandem.Inference.Onnx;

namespace Tandem.Inference.Texts;

/// <summary>Turns texts into embeddings with somebody's model of BERT's kind: the mean of the hidden states of a text's
/// pieces, or the embedding that the model answers with, scaled to length 1.</summary>
/// <remarks>The model has the inputs <c>input_ids</c>, <c>attention_mask</c> and perhaps <c>token_type_ids</c>, Int64 of
/// shape (texts, pieces). Its output <c>sentence_embedding</c>, or else its first, is Float32 of shape
/// (texts, pieces, length) or (texts, length). Safe for any number of threads. The model is the caller's to
/// dispose.</remarks>
public sealed class TextEncoder
{
    /// <summary>Most texts of one run.</summary>
    private const int MostTexts = 32;

    private const int ShortestText = 3;
    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";
    private const string Kinds = "token_type_ids";
    private const string Sentence = "sentence_embedding";

    private readonly OnnxModel _model;
    private readonly WordPiece _words;
    private readonly OnnxPort _output;
    private readonly int _rows;
    private readonly bool _isFixed;

    /// <summary>Makes an encoder of a model, and lets it encode one text of the full length, to see that it can.</summary>
    /// <param name="model">The model.</param>
    /// <param name="words">Its vocabulary.</param>
    /// <param name="maxLength">Pieces of a text that are read, <c>[CLS]</c> and <c>[SEP]</c> among them, 3 to 8192; where
    /// the model has a fixed number, that is the limit too.</param>
    /// <exception cref="Faults.TandemException">INF006: the model fails on a text of this length and vocabulary; INF013:
    /// its ports are not those of an encoder of texts.</exception>
    public TextEncoder(OnnxModel model, WordPiece words, int maxLength = 128)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, ShortestText);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, 8192);
        OnnxPort? output = model.Outputs.FirstOrDefault(static port => port.Name == Sentence)
            ?? (model.Outputs.Count > 0 ? model.Outputs[0] : null);
        int length = output switch
        {
            { Element: OnnxElement.Float32, Shape: [_, _, long states] } => Positive(states),
            { Element: OnnxElement.Float32, Shape: [_, long numbers] } => Positive(numbers),
            _ => 0,
        };
        if (length == 0 || !model.Inputs.All(IsInput) || Port(model, Ids) is not { } ids || Port(model, Mask) is null)
        {
            throw InferenceErrors.NoTextEncoder([.. model.Inputs, .. model.Outputs]);
        }

        _model = model;
        _words = words;
        _output = output!;
        _rows = ids.Shape[0] == 1 ? 1 : MostTexts;
        _isFixed = ids.Shape[1] >= ShortestText;
        MaxLength = _isFixed ? (int)Math.Min(maxLength, ids.Shape[1]) : maxLength;
        Width = _isFixed ? (int)ids.Shape[1] : MaxLength;
        Length = length;
        long[] longest = new long[MaxLength];
        Array.Fill(longest, words.Count - 1);
        Run(longest, [MaxLength], new float[Length]);
    }

    /// <summary>Length of an embedding.</summary>
    public int Length { get; }

    /// <summary>Pieces of a text that are read; the rest is cut off.</summary>
    public int MaxLength { get; }

    // Pieces of a run where their number is fixed; else the most.
    private int Width { get; }

    /// <summary>Encodes texts, many in one run of the model.</summary>
    /// <param name="texts">The texts; of each at most <see cref="MaxLength"/> pieces are read.</param>
    /// <param name="embeddings">Room for the embeddings, shape (texts, <see cref="Length"/>), row-major. Each is of length
    /// 1, or zeros where what the model answers is all zeros or not finite.</param>
    /// <exception cref="ArgumentException">The room has another length.</exception>
    /// <exception cref="Faults.TandemException">INF006: the run failed.</exception>
    /// <remarks>Texts of one run are filled up to the longest of them. A text encoded among others may therefore differ in
    /// the last bits from itself encoded alone; encoded alone it is the same always.</remarks>
    public void Encode(ReadOnlySpan<string> texts, Span<float> embeddings)
    {
        if (embeddings.Length != (long)texts.Length * Length)
        {
            throw new ArgumentException(
                $"{texts.Length} embeddings have {(long)texts.Length * Length} numbers, the room {embeddings.Length}.",
                nameof(embeddings));
        }

        long[] ids = new long[Math.Min(_rows, texts.Length) * MaxLength];
        int[] counts = new int[Math.Min(_rows, texts.Length)];
        for (int first = 0; first < texts.Length; first += _rows)
        {
            int count = Math.Min(_rows, texts.Length - first);
            for (int i = 0; i < count; i++)
            {
                counts[i] = _words.Write(texts[first + i], ids.AsSpan(i * MaxLength, MaxLength));
            }

            Run(ids, counts.AsSpan(0, count), embeddings.Slice(first * Length, count * Length));
        }
    }

    /// <summary>Runs the model over texts whose pieces lie <see cref="MaxLength"/> apart.</summary>
    private void Run(long[] pieces, ReadOnlySpan<int> counts, Span<float> embeddings)
    {
        int rows = counts.Length;
        int width = _isFixed ? Width : 0;
        foreach (int count in counts)
        {
            width = Math.Max(width, count);
        }

        long[] ids = new long[rows * width];
        long[] mask = new long[ids.Length];
        Array.Fill(ids, _words.PaddingId);
        for (int row = 0; row < rows; row++)
        {
            pieces.AsSpan(row * MaxLength, counts[row]).CopyTo(ids.AsSpan(row * width));
            mask.AsSpan(row * width, counts[row]).Fill(1);
        }

        OnnxTensor[] inputs =
        [
            .. _model.Inputs.Select(port => OnnxTensor.Of(
                port.Name, port.Name == Ids ? ids : port.Name == Mask ? mask : new long[ids.Length], rows, width)),
        ];
        bool isPooled = _output.Shape.Count == 2;
        float[] answer = new float[rows * (isPooled ? 1 : width) * Length];
        _model.Run(
            inputs,
            [
                isPooled
                    ? OnnxTensor.Of(_output.Name, answer, rows, Length)
                    : OnnxTensor.Of(_output.Name, answer, rows, width, Length),
            ]);
        int stride = answer.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            Pool(
                answer.AsSpan(row * stride, isPooled ? Length : counts[row] * Length),
                embeddings.Slice(row * Length, Length));
        }
    }

    /// <summary>The mean of hidden states, shape (pieces, length), scaled to length 1.</summary>
    private static void Pool(ReadOnlySpan<float> states, Span<float> embedding)
    {
        Span<double> sums = embedding.Length <= 1024 ? stackalloc double[embedding.Length] : new double[embedding.Length];
        sums.Clear();
        for (int first = 0; first < states.Length; first += embedding.Length)
        {
            for (int i = 0; i < embedding.Length; i++)
            {
                sums[i] += states[first + i];
            }
        }

        // The length of the sum is as good as that of the mean: both point the same way.
        double squares = 0;
        foreach (double sum in sums)
        {
            squares += sum * sum;
        }

        double scale = squares > 0 && double.IsFinite(squares) ? 1 / Math.Sqrt(squares) : 0;
        for (int i = 0; i < embedding.Length; i++)
        {
            embedding[i] = scale > 0 ? (float)(sums[i] * scale) : 0;
        }
    }

    private static OnnxPort? Port(OnnxModel model, string name) =>
        model.Inputs.FirstOrDefault(port => port.Name == name);

    private static bool IsInput(OnnxPort port) => port.Name is Ids or Mask or Kinds
        && port is { Element: OnnxElement.Int64, Shape: [-1 or 1, -1 or >= ShortestText] };

    private static int Positive(long length) => length is > 0 and <= 65_536 ? (int)length : 0;
}
