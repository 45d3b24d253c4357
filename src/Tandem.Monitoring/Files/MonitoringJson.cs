using System.Text.Json.Serialization;
using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Concept;
using Tandem.Monitoring.Drift;
using Tandem.Monitoring.Skew;

namespace Tandem.Monitoring.Files;

/// <summary>How monitoring files look in JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(MonitoringEnvelope<IReadOnlyList<FeatureProfile>>))]
[JsonSerializable(typeof(MonitoringEnvelope<DriftReport>))]
[JsonSerializable(typeof(MonitoringEnvelope<SkewReport>))]
[JsonSerializable(typeof(MonitoringEnvelope<ConceptState>))]
internal sealed partial class MonitoringJson : JsonSerializerContext;

/// <summary>How alerts look on a line of the raw log.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Alert))]
internal sealed partial class CompactMonitoringJson : JsonSerializerContext;
