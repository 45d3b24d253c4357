using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;

namespace Tandem.Inference;

/// <summary>What running models and reading pictures can report; listed in <c>docs/errors.md</c>.</summary>
internal static class InferenceErrors
{
    public static TandemException RuntimeMissing(string path, string reason, Exception? inner = null) =>
        new(new Fault(
            "INF001",
            $"ONNX Runtime's library could not be loaded from {path}: {reason}.",
            "Run ./tandem once, or: npm ci --prefix native --ignore-scripts, and build again. The environment variable "
            + "TANDEM_ONNXRUNTIME can name another copy of the library, 1.17 or later.")
        {
            Kind = FaultKind.Unavailable,
            Place = path,
        }, inner);

    public static TandemException BadModel(string message) =>
        new(new Fault(
            "INF002",
            $"ONNX Runtime does not load the model: {Sentence(message)}.",
            "Check that the file is whole and is an ONNX model that lies in one file, of operators that ONNX Runtime "
            + "1.30 knows; export it again."));

    public static TandemException ModelTooLarge(long limit) =>
        new(new Fault(
            "INF003",
            $"The model is larger than {limit} bytes.",
            "Export a smaller one (float16, quantised), or raise the option MaxBytes."));

    public static TandemException UnsupportedPort(string direction, string name, string what) =>
        new(new Fault(
            "INF004",
            $"The model's {direction} '{name}' is {what}, which Tandem does not pass.",
            "Export the model with tensors of numbers at its doors: tokenise texts and unpack sequences outside it.")
        {
            Kind = FaultKind.Unsupported,
        });

    public static TandemException WrongTensor(string name, string what, string expected, string? nearest = null) =>
        new(new Fault(
            "INF005",
            $"The tensor '{name}' does not fit the model: {what}.",
            "Hand in what the model's ports ask for (Inputs and Outputs list them), or take the model that belongs to "
            + "this data.")
        {
            Expected = expected,
            Nearest = nearest,
        });

    public static TandemException RunFailed(string message) =>
        new(new Fault(
            "INF006",
            $"ONNX Runtime failed while running the model: {Sentence(message)}.",
            "Check the shapes and values handed in against what the model was exported for, and free memory."));

    public static TandemException PicturesMissing(string path, string reason, Exception? inner = null) =>
        new(new Fault(
            "INF007",
            $"libvips could not be loaded from {path}: {reason}.",
            "Run ./tandem once, or: npm ci --prefix native --ignore-scripts, and build again. The environment variable "
            + "TANDEM_VIPS can name another copy of the library, 8.13 or later.")
        {
            Kind = FaultKind.Unavailable,
            Place = path,
        }, inner);

    public static TandemException NoPicture() =>
        new(new Fault(
            "INF008",
            "The bytes are not a picture in PNG, JPEG or WebP.",
            "Convert the picture to one of these formats; others are not read."));

    public static TandemException BrokenPicture(PictureFormat format, string message) =>
        new(new Fault(
            "INF009",
            $"The {format} picture cannot be read: {Sentence(message)}.",
            "It is damaged or was cut off: take it from its source again."));

    public static TandemException PictureTooLarge(long value, string unit, long limit) =>
        new(new Fault(
            "INF010",
            $"The picture has {value} {unit}, and the limit is {limit}.",
            "Send a smaller one, or raise the limit (PictureLimits)."));

    public static TandemException NoEncoder(IEnumerable<OnnxPort> ports) =>
        new(new Fault(
            "INF011",
            $"The model does not encode pictures: its ports are {string.Join("; ", ports)}.",
            "Export the model with a fixed height and width, and with its embedding as the first output.")
        {
            Expected = "one input Float32[?, 3, height, width] or Float32[?, height, width, 3], and an output "
                + "Float32[?, length]",
        });

    public static TandemException BadVocabulary(string why) =>
        new(new Fault(
            "INF012",
            $"The vocabulary of texts cannot be read: {why}.",
            "Take the vocab.txt that belongs to the model: UTF-8, a piece a line, as BERT's.")
        {
            Expected = "[PAD], [UNK], [CLS] and [SEP] among its pieces",
        });

    public static TandemException NoTextEncoder(IEnumerable<OnnxPort> ports) =>
        new(new Fault(
            "INF013",
            $"The model does not encode texts: its ports are {string.Join("; ", ports)}.",
            "Export it with the inputs of BERT, and with its hidden states or its embedding, of fixed length, as the first "
            + "output.")
        {
            Expected = "inputs input_ids, attention_mask and perhaps token_type_ids, each Int64[?, ?], and an output "
                + "Float32[?, ?, length] or Float32[?, length]",
        });

    private static string Sentence(string message) => message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
