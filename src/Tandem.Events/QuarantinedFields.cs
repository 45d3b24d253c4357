using System.Text.Json.Serialization;

namespace Tandem.Events;

/// <summary>What a row of a file was cut into, so that it can be judged again without the file.</summary>
public sealed record QuarantinedFields
{
    /// <summary>Format that the file was read in, as <c>import.format</c> has it.</summary>
    [JsonPropertyName("format")]
    public required string Format { get; init; }

    /// <summary>Part of the data that the file held.</summary>
    [JsonPropertyName("part")]
    public required string Part { get; init; }

    /// <summary>Place in the line, from 1, where a line holds several events.</summary>
    [JsonPropertyName("position")]
    public int? Position { get; init; }

    /// <summary>The file's columns, or those that were read of it; null where the format has none.</summary>
    [JsonPropertyName("columns")]
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The row's values, in step with <see cref="Columns"/>; null where the row's text says them.</summary>
    [JsonPropertyName("values")]
    public IReadOnlyList<string?>? Values { get; init; }

    /// <summary>What the file's first row held, in step with <see cref="Columns"/>, as far as it reads as a moment; null
    /// where nothing does.</summary>
    [JsonPropertyName("moments")]
    public IReadOnlyList<string?>? Moments { get; init; }
}
