namespace Tandem.Numerics;

/// <summary>Which rows a scan may find, and which id each has.</summary>
/// <remarks>Rows of a table that changes are only added; one that is replaced or removed ends with a version, so that who
/// began at an earlier version still finds it, and nobody else.</remarks>
public readonly ref struct RowFilter
{
    private readonly ReadOnlySpan<int> _ids;
    private readonly ReadOnlySpan<uint> _ends;
    private readonly uint _version;

    /// <summary>Filters rows whose numbers are their ids.</summary>
    /// <param name="allowed">One bit an id, as <see cref="IdBits"/> keeps them; empty allows all.</param>
    public RowFilter(ReadOnlySpan<ulong> allowed) => Allowed = allowed;

    /// <summary>Filters rows of a table that changes.</summary>
    /// <param name="allowed">One bit an id; empty allows all.</param>
    /// <param name="ids">Id of each row that is there at the version.</param>
    /// <param name="ends">First version without the row, as long as <paramref name="ids"/>.</param>
    /// <param name="version">The version that is looked at.</param>
    public RowFilter(ReadOnlySpan<ulong> allowed, ReadOnlySpan<int> ids, ReadOnlySpan<uint> ends, uint version)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ends.Length, ids.Length, nameof(ends));
        Allowed = allowed;
        _ids = ids;
        _ends = ends;
        _version = version;
        Changes = true;
    }

    /// <summary>Allowed ids; empty where all are.</summary>
    public ReadOnlySpan<ulong> Allowed { get; }

    /// <summary>Whether the table changes; otherwise numbers of rows are ids, and all rows are there.</summary>
    internal bool Changes { get; }

    /// <summary>Whether a row may be found.</summary>
    /// <param name="row">Any number: rows that are not there may not.</param>
    public bool Has(int row) => Changes
        ? (uint)row < (uint)_ends.Length && _ends[row] > _version && IdBits.Has(Allowed, _ids[row])
        : IdBits.Has(Allowed, row);

    /// <summary>The id of a row that is there.</summary>
    /// <param name="row">The row.</param>
    public int IdOf(int row) => Changes ? _ids[row] : row;

    /// <summary>The same of a table that changes, for a scan of its rows from one on, which it counts from 0.</summary>
    /// <param name="row">The first row of the scan.</param>
    public RowFilter From(int row) => new(Allowed, _ids[row..], _ends[row..], _version);
}
