using System.Globalization;
using Tandem.Features;
using Tandem.Spec;

namespace Tandem.Workspace.Tables;

/// <summary>The values of one feature as they are read.</summary>
/// <param name="name">Name of the feature.</param>
/// <param name="type">Its type.</param>
internal sealed class TableColumn(string name, ColumnType type)
{
    private const char ListSeparator = '|';

    // As written by R, pandas, SQL and Weka.
    private static readonly string[] MissingWords = ["NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"];

    private readonly List<float> _numbers = [];
    private readonly EntityIndex _texts = new();
    private readonly List<int> _starts = [0];
    private readonly List<int> _codes = [];

    public string Name => name;

    /// <summary>True where values are numbers.</summary>
    public bool IsNumber => type is ColumnType.Number or ColumnType.Whole or ColumnType.Flag;

    /// <summary>Whether models read columns of a type.</summary>
    public static bool Takes(ColumnType type) =>
        type is ColumnType.Number or ColumnType.Whole or ColumnType.Flag or ColumnType.Text or ColumnType.TextList;

    /// <summary>Whether a value leaves a column a column of numbers.</summary>
    public static bool IsNumberOrMissing(string? text) =>
        text is null || MissingWords.Contains(text, StringComparer.Ordinal) || TryNumber(text, out _);

    /// <summary>Reads a finite number.</summary>
    public static bool TryNumber(string? text, out float number) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && float.IsFinite(number);

    /// <summary>Reads a flag, written true or false, or 1 or 0.</summary>
    public static bool TryFlag(string? text, out bool flag)
    {
        flag = text is "1" or "1.0" || string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);
        return flag || text is "0" or "0.0" || string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds the next row's value.</summary>
    /// <returns>Why it is refused, or null.</returns>
    public string? Add(string? text)
    {
        if (!IsNumber)
        {
            if (text is not null)
            {
                _codes.AddRange(
                    (type == ColumnType.TextList ? text.Split(ListSeparator) : [text]).Select(each => _texts.FindOrAdd(each)));
            }

            _starts.Add(_codes.Count);
            return null;
        }

        float number = float.NaN;
        bool isMissing = text is null || MissingWords.Contains(text, StringComparer.Ordinal);
        if (!isMissing && type == ColumnType.Flag && TryFlag(text, out bool flag))
        {
            number = flag ? 1 : 0;
        }
        else if (!isMissing && (type == ColumnType.Flag || !TryNumber(text, out number)))
        {
            return type == ColumnType.Flag ? "it is neither true nor false" : "it is no number";
        }

        _numbers.Add(number);
        return null;
    }

    /// <summary>Writes the numbers as a column of rows.</summary>
    public void CopyTo(float[] values, int column, int width, int[] order)
    {
        for (int row = 0; row < order.Length; row++)
        {
            values[(row * width) + column] = _numbers[order[row]];
        }
    }

    /// <summary>The texts, in an order of rows.</summary>
    public TextColumn ToTexts(int[] order)
    {
        int[] starts = new int[order.Length + 1];
        List<int> codes = new(_codes.Count);
        for (int row = 0; row < order.Length; row++)
        {
            for (int i = _starts[order[row]]; i < _starts[order[row] + 1]; i++)
            {
                codes.Add(_codes[i]);
            }

            starts[row + 1] = codes.Count;
        }

        return new TextColumn(name, _texts, starts, [.. codes]);
    }
}
