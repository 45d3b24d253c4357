using System.Text.Json.Serialization;

namespace Tandem.Registry.Records;

/// <summary>How registry records look in JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(RecordEnvelope<ModelVersion>))]
[JsonSerializable(typeof(RecordEnvelope<AliasChange>))]
internal sealed partial class RegistryJson : JsonSerializerContext;
