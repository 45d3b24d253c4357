using System.Text.Json.Serialization;

namespace Tandem.Events;

/// <summary>Says which rows left the quarantine, and why. It holds nothing of the rows themselves.</summary>
/// <param name="Why">One word, such as <c>drop</c> or <c>replay</c>.</param>
/// <param name="Time">When.</param>
/// <param name="Rows">Which.</param>
internal sealed record QuarantineReceipt(
    [property: JsonPropertyName("why")] string Why,
    [property: JsonPropertyName("time")] DateTimeOffset Time,
    [property: JsonPropertyName("rows")] IReadOnlyList<RemovedRows> Rows)
{
    /// <summary>Format and version, on top.</summary>
    [JsonPropertyName("format")]
    [JsonPropertyOrder(-2)]
    public string Format => "tandem.quarantine-receipt";

    /// <summary>Version of the format.</summary>
    [JsonPropertyName("version")]
    [JsonPropertyOrder(-1)]
    public int Version => 1;
}

/// <summary>Rows of one append.</summary>
/// <param name="Append">The append's name.</param>
/// <param name="Numbers">Numbers of the rows in it.</param>
internal sealed record RemovedRows(
    [property: JsonPropertyName("append")] string Append,
    [property: JsonPropertyName("rows")] IReadOnlyList<int> Numbers);
