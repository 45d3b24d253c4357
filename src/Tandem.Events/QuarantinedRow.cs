using System.Text.Json.Serialization;

namespace Tandem.Events;

/// <summary>A row that was refused, with all that helps to correct it at its source.</summary>
public sealed record QuarantinedRow
{
    /// <summary>Names the row in its quarantine: the append's name, <c>:</c>, and the row's number in it. Empty until it
    /// is read from there.</summary>
    [JsonIgnore]
    public string Id { get; init; } = "";

    /// <summary>Number in its append, from 1; absent in rows that older versions kept, where its place says
    /// it.</summary>
    [JsonPropertyName("row")]
    public int? Row { get; init; }

    /// <summary>Code of the fault, such as <c>EVT002</c>.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>What was wrong, in words.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>Source in tandem.yaml that the row was meant for; empty where the row does not say.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>File it came from, or null where it was sent.</summary>
    [JsonPropertyName("file")]
    public string? File { get; init; }

    /// <summary>Line in the file, from 1, or row number in files without lines; null where it was sent.</summary>
    [JsonPropertyName("line")]
    public long? Line { get; init; }

    /// <summary>The row as it came; cut at <see cref="Quarantine.MaxTextBytes"/> when it is appended.</summary>
    [JsonPropertyName("text")]
    public required string Text { get; init; }

    /// <summary>What the row of a file was cut into; null where it was sent, could not be cut, or was cut
    /// short.</summary>
    [JsonPropertyName("fields")]
    public QuarantinedFields? Fields { get; init; }

    /// <summary>True where <see cref="Text"/> is not all that came: it was cut, or was not valid UTF-8. Absent where it
    /// is.</summary>
    [JsonPropertyName("partial")]
    public bool? IsPartial { get; init; }

    /// <summary>When it was refused, UTC. Left at its default, the quarantine stamps the moment of the
    /// append.</summary>
    [JsonPropertyName("time")]
    public DateTimeOffset Time { get; init; }
}
