using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Workspace.Demo;

/// <summary>The demonstration's report as JSON.</summary>
public static class DemoJson
{
    /// <summary>Writes it: one object, snake case, UTF-8.</summary>
    /// <param name="report">The report.</param>
    public static byte[] Write(DemoReport report) =>
        JsonSerializer.SerializeToUtf8Bytes(report, DemoJsonContext.Default.DemoReport);
}

/// <summary>Serialisers made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJsonContext : JsonSerializerContext;
