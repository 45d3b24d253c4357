using System.Text.Json.Serialization;

namespace Tandem.Lake;

/// <summary>What a manifest knows of one table; its figures need no file to be read.</summary>
public sealed record LakeManifestTable
{
    /// <summary>Name of the table.</summary>
    public required string Name { get; init; }

    /// <summary>The declarations that parts were written by, oldest first.</summary>
    public required IReadOnlyList<LakeSchema> Schemas { get; init; }

    /// <summary>The files, oldest first.</summary>
    public required IReadOnlyList<LakePart> Parts { get; init; }

    /// <summary>Rows in all parts.</summary>
    [JsonIgnore]
    public long RowCount => Parts.Sum(static part => part.Rows);

    /// <summary>Length of all parts together.</summary>
    [JsonIgnore]
    public long Bytes => Parts.Sum(static part => part.Bytes);

    /// <summary>Earliest event time, or null.</summary>
    [JsonIgnore]
    public DateTimeOffset? First => Parts.Min(static part => part.First);

    /// <summary>Latest event time, or null.</summary>
    [JsonIgnore]
    public DateTimeOffset? Last => Parts.Max(static part => part.Last);
}
