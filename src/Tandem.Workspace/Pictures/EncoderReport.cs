using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Workspace.Pictures;

/// <summary>A trained encoder: what it learned from, and how well it tells classes apart that it never met.</summary>
/// <param name="Pictures">Pictures learned from.</param>
/// <param name="Classes">Classes learned from.</param>
/// <param name="Skipped">Files that nothing was learned from.</param>
/// <param name="Size">Rows and columns that it looks at.</param>
/// <param name="Channels">1 for grey, 3 for colours.</param>
/// <param name="Length">Length of an embedding.</param>
/// <param name="Epochs">Times that as many pictures were looked at as there are.</param>
/// <param name="Seed">Seed.</param>
/// <param name="Judged">How it did on the classes that were kept back; null where none were.</param>
/// <param name="Seconds">Seconds of learning.</param>
/// <param name="FileBytes">Length of the ONNX file.</param>
public sealed record EncoderReport(
    int Pictures, int Classes, IReadOnlyList<SkippedPicture> Skipped, int Size, int Channels, int Length, int Epochs,
    ulong Seed, EncoderJudgement? Judged, double Seconds, int FileBytes)
{
    /// <summary>The report as UTF-8 JSON on one line.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EncoderReportContext.Default.EncoderReport);
}

/// <summary>An encoder on classes that were kept back: one picture of each is known, another is to be found.</summary>
/// <param name="Classes">Classes that were kept back.</param>
/// <param name="Ways">Classes to choose from in a question.</param>
/// <param name="Questions">Questions asked.</param>
/// <param name="Error">Per cent answered wrongly by embeddings.</param>
/// <param name="PixelError">Per cent answered wrongly by the pixels themselves.</param>
public sealed record EncoderJudgement(int Classes, int Ways, int Questions, double Error, double PixelError);

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EncoderReport))]
internal sealed partial class EncoderReportContext : JsonSerializerContext;
