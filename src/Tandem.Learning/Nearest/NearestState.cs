using Tandem.Numerics;

namespace Tandem.Learning.Nearest;

/// <summary>One version of an index: what a search works on from its beginning to its end.</summary>
internal sealed record NearestState
{
    /// <summary>The vectors that it was built from.</summary>
    public required Matrix Built { get; init; }

    /// <summary>Orthogonal; codes are of rotated vectors.</summary>
    public required Matrix Rotation { get; init; }

    /// <summary>Proposes candidates; null where every vector is scored.</summary>
    public required ICandidateSource? Source { get; init; }

    /// <summary>How hard a search looks.</summary>
    public required int Effort { get; init; }

    /// <summary>Recall at this effort when it was built.</summary>
    public required double Recall { get; init; }

    /// <summary>What changed; null where rows are as they were built, each the id of its number.</summary>
    public RowChanges? Changes { get; init; }

    /// <summary>Rows there are, with those that ended.</summary>
    public required int RowCount { get; init; }

    /// <summary>Bound of the ids.</summary>
    public required int IdCount { get; init; }

    /// <summary>Ids that have a vector.</summary>
    public required int LiveCount { get; init; }

    /// <summary>Counts the changes since it was built.</summary>
    public uint Version { get; init; }

    /// <summary>Whether the source takes rows in place.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Which rows may be found.</summary>
    public RowFilter Filter(ReadOnlySpan<ulong> allowed) =>
        Changes is null ? new RowFilter(allowed) : Changes.Filter(allowed, RowCount, Version);

    /// <summary>The row of an id; −1 for none.</summary>
    public int RowOf(int id) => Changes?.RowOf(id, RowCount, Version) ?? (id < RowCount ? id : -1);

    /// <summary>Share of the rows that may be found; an estimate where the index changed.</summary>
    public double ShareOf(ReadOnlySpan<ulong> allowed)
    {
        int count = allowed.IsEmpty ? LiveCount : Changes?.CountLive(allowed) ?? IdBits.Count(allowed, IdCount);
        return (double)Math.Max(1, count) / RowCount;
    }

    /// <summary>The vector of a row.</summary>
    public Span<float> Row(int row) =>
        row < Built.RowCount ? Built.Row(row) : Changes!.Tail.Row(row - Built.RowCount);

    /// <summary>Offers the inner products of all rows that may be found.</summary>
    public void ScanAll(ReadOnlySpan<float> query, in RowFilter filter, BestList best)
    {
        RowScan.Scan(Built, 0, Built.RowCount, query, in filter, best);
        if (Changes is not null)
        {
            RowScan.Scan(Changes.Tail, 0, RowCount - Built.RowCount, query, filter.From(Built.RowCount), best);
        }
    }

    /// <summary>Offers those of some rows, whose order is lost.</summary>
    public void ScanSome(ReadOnlySpan<float> query, Span<int> rows, in RowFilter filter, BestList best)
    {
        if (Changes is null)
        {
            RowScan.ScanSome(Built, query, rows, in filter, best);
            return;
        }

        int built = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] < Built.RowCount)
            {
                (rows[built], rows[i]) = (rows[i], rows[built]);
                built++;
            }
        }

        RowScan.ScanSome(Built, query, rows[..built], in filter, best);
        foreach (ref int row in rows[built..])
        {
            row -= Built.RowCount;
        }

        RowScan.ScanSome(Changes.Tail, query, rows[built..], filter.From(Built.RowCount), best);
    }
}
