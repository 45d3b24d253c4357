using System.Globalization;
using Tandem.Features;
using Tandem.Learning;

namespace Tandem.Training.Tables;

/// <summary>What a row of a table holds, and what its scores are called, in words.</summary>
internal static class RowWords
{
    /// <summary>The features of a row as they were read; what is missing is left out.</summary>
    public static Dictionary<string, string> ValuesOf(RowTable table, int row)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        for (int i = 0; i < table.Numbers.Count; i++)
        {
            float number = table.Values[(row * table.Numbers.Count) + i];
            if (!float.IsNaN(number))
            {
                values[table.Numbers[i]] = number.ToString(CultureInfo.InvariantCulture);
            }
        }

        foreach (TextColumn column in table.Texts)
        {
            if (column.Count(row) > 0)
            {
                values[column.Name] = string.Join(
                    " | ", Enumerable.Range(0, column.Count(row)).Select(text => column.Text(row, text)));
            }
        }

        return values;
    }

    /// <summary>The name of a score.</summary>
    /// <param name="table">The table.</param>
    /// <param name="target">What the model that gave it learned.</param>
    /// <param name="output">Which of the row's scores.</param>
    public static string ScoreOf(RowTable table, RowTarget target, int output) => target.Kind switch
    {
        RowTargetKind.Binary => "log_odds",
        RowTargetKind.Multiclass or RowTargetKind.Multilabel => table.Classes[output],
        RowTargetKind.Quantile => string.Create(CultureInfo.InvariantCulture, $"q{target.Quantiles[output]}"),
        RowTargetKind.Order => "order",
        _ => "number",
    };
}
