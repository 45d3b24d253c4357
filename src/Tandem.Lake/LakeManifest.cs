using System.Text.Json.Serialization;
using Tandem.Events;

namespace Tandem.Lake;

/// <summary>The lake at one moment: which files it is made of, and how far into the journal it reaches. Manifests are
/// numbered from 1 and change by an erasure only; <c>docs/formats/lake.md</c> gives their bytes.</summary>
public sealed record LakeManifest
{
    /// <summary>What the lake is before its first compaction: number 0, nothing in it.</summary>
    public static LakeManifest Empty { get; } = new() { Number = 0, From = default, To = default, Tables = [] };

    /// <summary>Its number; the next one is one more.</summary>
    public required long Number { get; init; }

    /// <summary>Where the journal was read from by the compaction that wrote this manifest; that of a merge, which
    /// reads none, is <see cref="To"/>.</summary>
    public required JournalPosition From { get; init; }

    /// <summary>The position behind the last event that the lake holds: events before it are all in the
    /// files.</summary>
    public required JournalPosition To { get; init; }

    /// <summary>The tables that have rows, by ordinal order of name.</summary>
    public required IReadOnlyList<LakeManifestTable> Tables { get; init; }

    /// <summary>Rows that erasures have taken out of this manifest since it was written; null where none did.</summary>
    public long? Erased { get; init; }

    /// <summary>Rows in all tables.</summary>
    [JsonIgnore]
    public long RowCount => Tables.Sum(static table => table.RowCount);

    /// <summary>What is known of a table, or null where it has no rows.</summary>
    /// <param name="table">Its name.</param>
    public LakeManifestTable? Find(string table) =>
        Tables.FirstOrDefault(entry => string.Equals(entry.Name, table, StringComparison.Ordinal));
}
