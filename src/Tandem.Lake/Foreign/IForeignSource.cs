using Tandem.Lake.Native;

namespace Tandem.Lake.Foreign;

/// <summary>A file of one format as SQL.</summary>
internal interface IForeignSource
{
    /// <summary>Finds the file's columns.</summary>
    IReadOnlyList<LakeColumn> FindColumns(DuckConnection connection, CancellationToken cancellationToken);

    /// <summary>The query that reads a column <c>row</c> and then some of the file's columns, in the file's
    /// order.</summary>
    string Query(IReadOnlyList<LakeColumn> columns);

    /// <summary>The query for line, reason and text of what <see cref="Query"/> left out, to be run after it; null for
    /// a format without lines.</summary>
    string? RejectionQuery { get; }
}
