using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Events;

namespace Tandem.Cli;

/// <summary>What <c>tandem log --json</c> writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LogListing))]
[JsonSerializable(typeof(LogDamages))]
internal sealed partial class LogJson : JsonSerializerContext
{
    public static byte[] Write(string folder, IReadOnlyList<JournalListing> segments) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new LogListing(folder, [.. segments.Select(static segment => new LogSegment(
                Path.GetFileName(segment.Path), segment.Start.Offset, segment.Bytes, segment.IsClosed,
                segment.FirstKnown, segment.Written))]),
            Default.LogListing);

    public static byte[] Write(string folder, IReadOnlyList<JournalDamage> damages, bool isRepaired) =>
        JsonSerializer.SerializeToUtf8Bytes(new LogDamages(folder, isRepaired, damages), Default.LogDamages);
}

/// <summary>The segments of a log.</summary>
internal sealed record LogListing(string Folder, IReadOnlyList<LogSegment> Segments);

/// <summary>One of them.</summary>
internal sealed record LogSegment(
    string Name, long Position, long Bytes, bool Closed, DateTimeOffset? FirstKnown, DateTimeOffset Written);

/// <summary>What is damaged, or was.</summary>
internal sealed record LogDamages(string Folder, bool Repaired, IReadOnlyList<JournalDamage> Damages);
