namespace Tandem.Features.Evaluation;

/// <summary>What tables say of entities at a place of the log: the row that came last before it.</summary>
internal interface ITableState
{
    /// <summary>Finds a text of an entity's row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">Its column.</param>
    /// <param name="id">The entity.</param>
    /// <param name="place">The place: only rows before it count.</param>
    /// <param name="text">The text.</param>
    /// <returns>False where there is no row, or nothing in it.</returns>
    bool TryFind(string table, string column, scoped ReadOnlySpan<byte> id, long place, out ReadOnlySpan<byte> text);
}
