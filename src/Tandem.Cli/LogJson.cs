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
[JsonSerializable(typeof(LogTrim))]
[JsonSerializable(typeof(LogReaders))]
[JsonSerializable(typeof(LogReader))]
internal sealed partial class LogJson : JsonSerializerContext
{
    public static byte[] Write(
        string folder, IReadOnlyList<JournalListing> segments, IReadOnlyList<NamedReader> readers) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new LogListing(folder, [.. segments.Select(static segment => new LogSegment(
                Path.GetFileName(segment.Path), segment.Start.Offset, segment.Bytes, segment.IsClosed,
                segment.FirstKnown, segment.Written))], [.. readers.Select(Of)]),
            Default.LogListing);

    public static byte[] Write(string folder, IReadOnlyList<JournalDamage> damages, bool isRepaired) =>
        JsonSerializer.SerializeToUtf8Bytes(new LogDamages(folder, isRepaired, damages), Default.LogDamages);

    public static byte[] Write(JournalTrim trim, bool isDryRun) => JsonSerializer.SerializeToUtf8Bytes(
        new LogTrim(
            isDryRun, trim.Begin.Offset, Names(trim.Removed), trim.RemovedBytes, Names(trim.Held), trim.HeldBytes,
            trim.Hold?.Kind, trim.Hold?.Name, trim.Hold?.Position.Offset),
        Default.LogTrim);

    public static byte[] Write(IReadOnlyList<NamedReader> readers) =>
        JsonSerializer.SerializeToUtf8Bytes(new LogReaders([.. readers.Select(Of)]), Default.LogReaders);

    public static byte[] Write(NamedReader reader) =>
        JsonSerializer.SerializeToUtf8Bytes(Of(reader), Default.LogReader);

    private static LogReader Of(NamedReader reader) => new(reader.Name, reader.Position.Offset, reader.Moved);

    private static string[] Names(IReadOnlyList<JournalSegment> segments) =>
        [.. segments.Select(static segment => Path.GetFileName(segment.Path))];
}

/// <summary>The segments of a log.</summary>
internal sealed record LogListing(
    string Folder, IReadOnlyList<LogSegment> Segments, IReadOnlyList<LogReader> Readers);

/// <summary>One of them.</summary>
internal sealed record LogSegment(
    string Name, long Position, long Bytes, bool Closed, DateTimeOffset? FirstKnown, DateTimeOffset Written);

/// <summary>What is damaged, or was.</summary>
internal sealed record LogDamages(string Folder, bool Repaired, IReadOnlyList<JournalDamage> Damages);

/// <summary>What a trim removed, and what held it back.</summary>
internal sealed record LogTrim(
    bool DryRun, long Begin, IReadOnlyList<string> Removed, long RemovedBytes, IReadOnlyList<string> Held,
    long HeldBytes, JournalHoldKind? HeldBy, string? HeldByReader, long? HeldFrom);

/// <summary>The named readers of a log.</summary>
internal sealed record LogReaders(IReadOnlyList<LogReader> Readers);

/// <summary>One of them.</summary>
internal sealed record LogReader(string Name, long Position, DateTimeOffset Moved);
