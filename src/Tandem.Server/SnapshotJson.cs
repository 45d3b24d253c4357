using System.Text.Json.Serialization;
using Tandem.Workspace;

namespace Tandem.Server;

/// <summary>The live snapshot as the studio reads it: names in camel case, nulls written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WorkspaceSnapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
