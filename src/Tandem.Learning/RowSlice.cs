namespace Tandem.Learning;

/// <summary>A named part of the rows that figures are given for, too.</summary>
/// <param name="Name">Its name, such as <c>country=DE</c>.</param>
/// <param name="Rows">Indices of its rows, rising.</param>
public sealed record RowSlice(string Name, int[] Rows)
{
    /// <summary>A slice for each value of a column, in order of first appearance.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="values">Its value in each row.</param>
    public static IReadOnlyList<RowSlice> ByValue(string column, IReadOnlyList<string> values) =>
    [
        .. Enumerable.Range(0, values.Count).GroupBy(row => values[row], StringComparer.Ordinal)
            .Select(rows => new RowSlice($"{column}={rows.Key}", [.. rows])),
    ];
}
