using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Bench;

/// <summary>What was measured on which machine.</summary>
/// <param name="Processors">Logical processors.</param>
/// <param name="System">Operating system.</param>
/// <param name="Runtime">.NET runtime.</param>
/// <param name="Folder">Folder, and so the disk, that was written to.</param>
/// <param name="Subjects">One entry a benchmark.</param>
public sealed record BenchReport(
    int Processors, string System, string Runtime, string Folder, IReadOnlyList<BenchSubject> Subjects)
{
    /// <summary>The report as one JSON object, names in snake case, absent where null.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BenchJson.Default.BenchReport);
}

/// <summary>The figures of one benchmark.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Figures">What it measured.</param>
public sealed record BenchSubject(string Name, IReadOnlyList<Figure> Figures);

/// <summary>How a report is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
