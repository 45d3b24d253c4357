namespace Tandem.Lake;

/// <summary>One Parquet file of a table.</summary>
public sealed record LakePart
{
    /// <summary>Name in the lake's store.</summary>
    public required string Key { get; init; }

    /// <summary>Which of its table's schemas it was written by, from 0.</summary>
    public required int Schema { get; init; }

    /// <summary>Rows, at least 1.</summary>
    public required long Rows { get; init; }

    /// <summary>Length of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Earliest event time, or null where no row has one.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>Latest event time, or null where no row has one.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>Rows without event time.</summary>
    public long Timeless { get; init; }

    /// <summary>Earliest known time, or null where the part was written before this was kept.</summary>
    public DateTimeOffset? FirstKnown { get; init; }

    /// <summary>Smallest value of the table's first entity, in ordinal order of its UTF-8; null where no row has one,
    /// or where the part was written before this was kept.</summary>
    public string? FirstEntity { get; init; }

    /// <summary>Largest value of the table's first entity; null as <see cref="FirstEntity"/>.</summary>
    public string? LastEntity { get; init; }

    /// <summary>Smallest event id, in ordinal order of its UTF-8.</summary>
    public required string FirstId { get; init; }

    /// <summary>Largest event id, in ordinal order of its UTF-8.</summary>
    public required string LastId { get; init; }

    /// <summary>Hash of the file's bytes, <c>sha256:…</c>.</summary>
    public required string Hash { get; init; }
}
