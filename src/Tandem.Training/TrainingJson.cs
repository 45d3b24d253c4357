using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Training;

/// <summary>A training run as JSON: what <c>tandem train --json</c> prints and what is kept under
/// <c>runs/</c>.</summary>
public static class TrainingJson
{
    /// <summary>Writes a run: one object, snake case, UTF-8.</summary>
    /// <param name="run">The run.</param>
    public static byte[] Write(TrainingRun run) =>
        JsonSerializer.SerializeToUtf8Bytes(run, TrainingJsonContext.Default.TrainingRun);

    /// <summary>Reads a run back.</summary>
    /// <param name="utf8">What <see cref="Write"/> wrote.</param>
    /// <returns>The run, or null where the bytes are something else.</returns>
    public static TrainingRun? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, TrainingJsonContext.Default.TrainingRun);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Serialisers made by the compiler.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrainingRun))]
internal sealed partial class TrainingJsonContext : JsonSerializerContext;
