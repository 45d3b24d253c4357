using System.Buffers;
using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features.Encoders;

/// <summary>Pictures of a folder, by name. A name is a key that may come from anywhere, never a path: it is looked up in
/// the folder itself and leads nowhere else.</summary>
internal static class PictureFolder
{
    /// <summary>What the name of a model's file begins with that is kept beside encoders; its hash follows.</summary>
    public const string FilePrefix = "image-";

    private const int LongestName = 200;

    private static readonly PictureLimits Limits = new();

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Reads the model that tandem.yaml names, and throws where not one picture of the training rows can be
    /// read.</summary>
    /// <param name="spec">What tandem.yaml says.</param>
    /// <param name="column">The names of pictures.</param>
    /// <param name="isTraining">Which rows are training rows.</param>
    /// <param name="folder">The folder of tandem.yaml.</param>
    /// <param name="files">Receives the model under the name that the state knows it by.</param>
    public static EmbeddingEncoder Fit(
        EncoderSpec spec, TextColumn column, IReadOnlyList<bool> isTraining, string folder,
        Dictionary<string, byte[]> files)
    {
        string? model = null;
        if (spec.Model is not null)
        {
            byte[] bytes = EmbeddingEncoder.Read(column.Name, Path.Combine(folder, spec.Model));
            model = FilePrefix + ContentHash.Digits(ContentHash.Of(bytes)).ToString();
            files[model] = bytes;
        }

        EncoderState state = new() { Feature = column.Name, Kind = spec.Kind, Folder = spec.Folder, Model = model };
        EmbeddingEncoder encoder = Restore(state, files, folder)!;
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int row = 0; row < column.RowCount; row++)
        {
            if (isTraining[row] && column.Count(row) > 0 && names.Add(column.Text(row, column.Count(row) - 1))
                && encoder.Warm(column.Text(row, column.Count(row) - 1)))
            {
                return encoder;
            }
        }

        if (names.Min(StringComparer.Ordinal) is not { } example)
        {
            return encoder;
        }

        string place = Path.Combine(folder, spec.Folder!);
        throw FeaturesErrors.NoPictures(column.Name, names.Count, example, Why(place, example), place);
    }

    /// <summary>Makes the encoder of a state; null where its model is not there, or its folder is none below that of
    /// tandem.yaml.</summary>
    public static EmbeddingEncoder? Restore(
        EncoderState state, IReadOnlyDictionary<string, byte[]> files, string folder)
    {
        byte[]? model = null;
        if (Path.IsPathRooted(state.Folder!) || state.Folder!.Split('/', '\\').Contains("..", StringComparer.Ordinal)
            || (state.Model is not null && !files.TryGetValue(state.Model, out model)))
        {
            return null;
        }

        string place = Path.GetFullPath(Path.Combine(folder, state.Folder));
        return new EmbeddingEncoder(
            state, KeptEmbeddings.Share($"{state.Model} {place}", () => Open(place, model)));
    }

    /// <summary>True where a text may name a picture: letters and digits of ASCII, <c>-</c>, <c>_</c> and <c>.</c>, at most
    /// 200, the first no dot.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name[0] != '.' && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    private static KeptEmbeddings Open(string place, byte[]? model)
    {
        if (model is null)
        {
            PictureDescriptor descriptor = new();
            return new(descriptor.Length, name => Encode(place, name, descriptor.Length, descriptor.Describe));
        }

        PictureEncoder encoder = new(OnnxModel.Load(model));
        return new(encoder.Length, name => Encode(place, name, encoder.Length, encoder.Encode));
    }

    private static float[]? Encode(string place, string name, int length, Action<Picture, Span<float>> encode)
    {
        if (Read(place, name) is not { } file)
        {
            return null;
        }

        try
        {
            float[] embedding = new float[length];
            encode(Picture.Open(file, Limits), embedding);
            return Array.TrueForAll(embedding, float.IsFinite) ? embedding : [];
        }
        catch (TandemException)
        {
            // It is damaged, or of no known format, and stays so: it is not read again for each request.
            return [];
        }
    }

    /// <summary>The bytes of a file right in the folder; null where there is none. A link is not followed, and what has no
    /// bytes, such as a pipe, is not opened.</summary>
    private static byte[]? Read(string place, string name)
    {
        if (!IsName(name))
        {
            return null;
        }

        try
        {
            FileInfo file = new(Path.Combine(place, name));
            return file.Exists && !file.Attributes.HasFlag(FileAttributes.ReparsePoint)
                && file.Length > 0 && file.Length <= Limits.MaxBytes
                ? File.ReadAllBytes(file.FullName)
                : null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Why(string place, string name)
    {
        if (Read(place, name) is not { } file)
        {
            return IsName(name) ? "there is no such file" : "that cannot be a picture's name";
        }

        try
        {
            Picture.Open(file, Limits);
            return "it is damaged";
        }
        catch (TandemException wrong)
        {
            return wrong.Message;
        }
    }
}
