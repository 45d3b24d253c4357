namespace Tandem.Features.Evaluation;

/// <summary>The tables as the online store knows them: it applies the log in order, so what it holds is what was known at
/// the place that it has reached.</summary>
/// <param name="columns">By table and column, the series of its texts.</param>
/// <param name="codes">The texts.</param>
internal sealed class LiveTables(
    Dictionary<(string Table, string Column), (SeriesShelf Shelf, FeaturePlan Plan)> columns, EntityIndex codes)
    : ITableState
{
    // Rows in the order of the log have no moment: any is after them.
    private const long Ever = long.MaxValue / 4;

    public bool TryFind(string table, string column, scoped ReadOnlySpan<byte> id, long place, out ReadOnlySpan<byte> text)
    {
        (SeriesShelf shelf, FeaturePlan plan) = columns[(table, column)];
        Span<int> code = stackalloc int[1];
        bool isThere = shelf.Texts(shelf.Ids.Find(id), plan, Ever, code) > 0;
        text = isThere ? codes.Utf8(code[0]) : default;
        return isThere;
    }
}
