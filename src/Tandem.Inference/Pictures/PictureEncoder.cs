using System.Buffers;
using Tandem.Inference.Onnx;

namespace Tandem.Inference.Pictures;

/// <summary>Turns pictures into embeddings with somebody's model: the picture at the model's own size, scaled as the model
/// was trained, and what the model answers, scaled to length 1.</summary>
/// <remarks>The model has one input of 32-bit floats, shape (rows, 3, height, width) or (rows, height, width, 3), and its
/// first output is the embedding, shape (rows, …); only the number of rows may be free. Safe for any number of threads.
/// The model is the caller's to dispose.</remarks>
public sealed class PictureEncoder
{
    private readonly OnnxModel _model;
    private readonly PictureScale _scale;
    private readonly PictureLayout _layout;

    /// <summary>Makes an encoder of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scale">What the model was trained on; ImageNet's where null.</param>
    /// <param name="fit">What happens to pictures of another aspect.</param>
    /// <exception cref="Faults.TandemException">INF011: the model's ports are not those of an encoder of
    /// pictures.</exception>
    public PictureEncoder(OnnxModel model, PictureScale? scale = null, PictureFit fit = PictureFit.Crop)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _scale = scale ?? PictureScale.ImageNet;
        OnnxPort input = model.Inputs.Count == 1 ? model.Inputs[0] : throw InferenceErrors.NoEncoder(model.Inputs);
        (int width, int height) = (0, 0);
        if (input is { Element: OnnxElement.Float32, Shape: [<= 1, 3, long rows, long columns] })
        {
            (_layout, width, height) = (PictureLayout.ChannelsFirst, Side(columns), Side(rows));
        }
        else if (input is { Element: OnnxElement.Float32, Shape: [<= 1, long lastRows, long lastColumns, 3] })
        {
            (_layout, width, height) = (PictureLayout.ChannelsLast, Side(lastColumns), Side(lastRows));
        }

        OnnxPort? output = model.Outputs.Count > 0 ? model.Outputs[0] : null;
        Length = output is { Element: OnnxElement.Float32, Shape: [<= 1, ..] } ? Product(output.Shape) : 0;
        Size = width > 0 && height > 0 && Length > 0
            ? new PictureSize(width, height, fit)
            : throw InferenceErrors.NoEncoder([.. model.Inputs, .. model.Outputs]);
    }

    /// <summary>Length of an embedding.</summary>
    public int Length { get; }

    /// <summary>The size that the model looks at.</summary>
    public PictureSize Size { get; }

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="embedding">Room for the embedding, length <see cref="Length"/>; of length 1, or zeros where the model
    /// answers with zeros.</param>
    /// <exception cref="ArgumentException">The room has another length.</exception>
    /// <exception cref="Faults.TandemException">INF006: the run failed; INF009: the picture is damaged.</exception>
    public void Encode(Picture picture, Span<float> embedding)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (embedding.Length != Length)
        {
            throw new ArgumentException(
                $"An embedding has {Length} numbers, the room {embedding.Length}.", nameof(embedding));
        }

        float[] rented = ArrayPool<float>.Shared.Rent(Size.ValueCount);
        try
        {
            Span<float> values = rented.AsSpan(0, Size.ValueCount);
            picture.Read(Size, _scale, _layout, values);
            _model.Run(values, embedding);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }

        double squares = 0;
        foreach (float value in embedding)
        {
            squares += (double)value * value;
        }

        for (int i = 0; squares > 0 && i < embedding.Length; i++)
        {
            embedding[i] = (float)(embedding[i] / Math.Sqrt(squares));
        }
    }

    private static int Side(long length) => length is >= 1 and <= PictureSize.MaxSide ? (int)length : 0;

    // Of all lengths but the rows'; 0 where one is free or there are too many.
    private static int Product(IReadOnlyList<long> shape)
    {
        long product = 1;
        foreach (long length in shape.Skip(1))
        {
            product = length > 0 && product * length <= Array.MaxLength && length <= Array.MaxLength ? product * length : 0;
        }

        return (int)product;
    }
}
