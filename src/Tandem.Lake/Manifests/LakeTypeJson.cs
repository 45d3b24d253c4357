using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Lake.Manifests;

/// <summary>Column types by name: <c>text</c>, <c>number_list</c>.</summary>
internal sealed class LakeTypeJson() : JsonStringEnumConverter<LakeType>(JsonNamingPolicy.SnakeCaseLower, false);
