using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Monitoring.Skew;

namespace Tandem.Cli;

/// <summary>What <c>tandem features --json</c> writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SkewReport))]
internal sealed partial class FeaturesJson : JsonSerializerContext
{
    public static byte[] Write(SkewReport report) =>
        JsonSerializer.SerializeToUtf8Bytes(report, Default.SkewReport);
}
