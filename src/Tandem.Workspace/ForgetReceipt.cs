using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Events;
using Tandem.Lake;

namespace Tandem.Workspace;

/// <summary>What an erasure rewrote; <c>docs/formats/erasure.md</c> gives the bytes. It names the person by hash
/// only.</summary>
public sealed record ForgetReceipt
{
    /// <summary>Name of the format.</summary>
    public string Format { get; init; } = "tandem-erasure";

    /// <summary>Version of the format.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Hash of the id.</summary>
    public required string Person { get; init; }

    /// <summary>The entity, such as <c>user</c>.</summary>
    public required string Entity { get; init; }

    /// <summary>The id, while the erasure is not finished; null in a receipt.</summary>
    public string? Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Asked { get; init; }

    /// <summary>When a scan found no trace any more; null before.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Segments of the raw log, with the lines that named the person.</summary>
    public required IReadOnlyList<ErasedLines> Log { get; init; }

    /// <summary>Files of the lake, with the rows that named the person.</summary>
    public required IReadOnlyList<LakeErasedFile> LakeFiles { get; init; }

    /// <summary>Manifests of the lake that named such a file.</summary>
    public required IReadOnlyList<long> Manifests { get; init; }

    /// <summary>Training sets that held the person, with their successors.</summary>
    public required IReadOnlyList<ForgottenSet> TrainingSets { get; init; }

    /// <summary>Rows of the quarantine that named the person.</summary>
    public required long QuarantinedRows { get; init; }

    /// <summary>Versions of the model that were trained on data the person was in: their bytes may still hold the id.
    /// A version trained from now on does not.</summary>
    public required IReadOnlyList<int> Models { get; init; }

    /// <summary>Places that name the person: lines, rows and sets.</summary>
    [JsonIgnore]
    public long Places => Log.Sum(static segment => segment.Lines) + LakeFiles.Sum(static file => file.Rows)
        + TrainingSets.Count + QuarantinedRows;

    /// <summary>The receipt as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ForgetJson.Default.ForgetReceipt);

    internal static ForgetReceipt Read(byte[] json) =>
        JsonSerializer.Deserialize(json, ForgetJson.Default.ForgetReceipt)!;

    /// <summary>This one, and what a later look found beyond it.</summary>
    internal ForgetReceipt Plus(ForgetReceipt later) => later with
    {
        Asked = Asked,
        Log = [.. Log.UnionBy(later.Log, static segment => segment.Segment, StringComparer.Ordinal)],
        LakeFiles = [.. later.LakeFiles.UnionBy(LakeFiles, static file => file.Key, StringComparer.Ordinal)],
        Manifests = [.. Manifests.Union(later.Manifests).Order()],
        TrainingSets = [.. TrainingSets.UnionBy(later.TrainingSets, static set => set.Hash, StringComparer.Ordinal)],
        QuarantinedRows = Math.Max(QuarantinedRows, later.QuarantinedRows),
        Models = [.. Models.Union(later.Models).Order()],
    };
}

/// <summary>Serialisers made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ForgetReceipt))]
internal sealed partial class ForgetJson : JsonSerializerContext;
