using System.Globalization;
using Tandem.Learning;

namespace Tandem.Training.Tables;

/// <summary>Figures of several divisions of the same rows as one, and the parts of rows that they are given for.</summary>
internal static class TableFigures
{
    private const int MostValues = 20;
    private static readonly double[] Quarters = [0.25, 0.5, 0.75];

    /// <summary>Means of figures, and of the ends of their intervals, over divisions.</summary>
    public static ModelEvaluation Mean(IReadOnlyList<ModelEvaluation> divisions)
    {
        SliceEvaluation[] slices = [.. divisions.SelectMany(static each => each.Slices ?? [])];
        return divisions[0] with
        {
            Metrics = Mean([.. divisions.Select(static each => each.Metrics)]),
            Intervals = Mean([.. divisions.Select(static each => each.Intervals)]),
            Slices = slices.Length == 0
                ? null
                :
                [
                    .. slices.GroupBy(static slice => slice.Name, StringComparer.Ordinal).Select(static same =>
                        new SliceEvaluation(
                            same.Key, (int)Math.Round(same.Average(static slice => slice.Users)),
                            Mean([.. same.Select(static slice => slice.Metrics)]))
                        {
                            Intervals = Mean([.. same.Select(static slice => slice.Intervals ?? new Dictionary<string, double[]>(StringComparer.Ordinal))]),
                        }),
                ],
        };
    }

    /// <summary>Parts of the rows by the values of a column: its most frequent values, or, where there are many numbers, four
    /// parts of equal size.</summary>
    public static IReadOnlyList<RowSlice> SlicesOf(string column, string[] values)
    {
        string[] distinct = [.. values.Distinct(StringComparer.Ordinal)];
        double[] numbers = [.. values.Select(static value => NumberOf(value))];
        if (distinct.Length > MostValues && distinct.All(static value => double.IsFinite(NumberOf(value))))
        {
            double[] sorted = [.. numbers.Order()];
            double[] edges = [.. Quarters.Select(share => sorted[(int)(share * (sorted.Length - 1))])];
            values =
            [
                .. numbers.Select(number => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(number <= edges[^1] ? "≤" : ">")} {edges.FirstOrDefault(edge => number <= edge, edges[^1])}")),
            ];
        }

        HashSet<string> kept =
        [
            .. values.GroupBy(static value => value, StringComparer.Ordinal).OrderByDescending(static same => same.Count())
                .ThenBy(static same => same.Key, StringComparer.Ordinal).Take(MostValues).Select(static same => same.Key),
        ];
        return [.. RowSlice.ByValue(column, values).Where(slice => kept.Contains(values[slice.Rows[0]]))];
    }

    private static double NumberOf(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static Dictionary<string, double> Mean(IReadOnlyList<IReadOnlyDictionary<string, double>> all) =>
        all.SelectMany(static each => each).GroupBy(static pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(static same => same.Key, static same => same.Average(static pair => pair.Value), StringComparer.Ordinal);

    private static Dictionary<string, double[]> Mean(IReadOnlyList<IReadOnlyDictionary<string, double[]>> all) =>
        all.SelectMany(static each => each).GroupBy(static pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(
                static same => same.Key,
                static same => new[] { same.Average(static pair => pair.Value[0]), same.Average(static pair => pair.Value[1]) },
                StringComparer.Ordinal);
}
