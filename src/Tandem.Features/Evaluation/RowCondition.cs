using System.Globalization;
using System.Text;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>A comparison of a column with a constant, checked row by row. Null satisfies no comparison, as in
/// SQL.</summary>
internal sealed class RowCondition
{
    private readonly int _column;
    private readonly string _operator;
    private readonly double _number;
    private readonly byte[]? _text;

    /// <param name="column">Index of the column in the row.</param>
    /// <param name="type">The column, for which <see cref="Refusal"/> gave null.</param>
    /// <param name="spec">The comparison.</param>
    public RowCondition(int column, SourceColumn type, ConditionSpec spec)
    {
        _column = column;
        _operator = spec.Operator;
        if (type.IsText)
        {
            _text = Encoding.UTF8.GetBytes((string)spec.Value);
        }
        else
        {
            TryNumber(type, spec.Value, out _number);
        }
    }

    /// <summary>Index of the column.</summary>
    public int Column => _column;

    /// <summary>Says why a comparison makes no sense, or returns null where it does.</summary>
    public static string? Refusal(SourceColumn column, ConditionSpec spec)
    {
        if (spec.Operator is not ("==" or "!=" or "<" or "<=" or ">" or ">="))
        {
            return $"'{spec.Operator}' is no comparison";
        }

        bool fits = !column.IsList && (column.IsText ? spec.Value is string : TryNumber(column, spec.Value, out _));
        return fits ? null : $"the column is {column.Type} and the constant is {spec.Value}";
    }

    /// <summary>Checks a row.</summary>
    public bool Holds(SourceRow row)
    {
        if (row.IsNull(_column))
        {
            return false;
        }

        int order = _text is null
            ? row.Number(_column).CompareTo(_number)
            : row.Utf8(_column).SequenceCompareTo(_text);
        return _operator switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static bool TryNumber(SourceColumn column, object value, out double number)
    {
        number = double.NaN;
        switch (column.Type, value)
        {
            case (ColumnType.Whole or ColumnType.Number, double given):
                number = given;
                return double.IsFinite(given);
            case (ColumnType.Flag, bool given):
                number = given ? 1 : 0;
                return true;
            case (ColumnType.Time, string given) when DateTimeOffset.TryParse(
                given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment):
                number = SourceRow.Seconds(Micros.Of(moment));
                return true;
            default:
                return false;
        }
    }
}
