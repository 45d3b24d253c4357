using System.Globalization;
using System.Text.Json;
using Tandem.Spec;

namespace Tandem.Workspace.Import;

/// <summary>Turns a column's text into JSON of its type.</summary>
internal static class ColumnText
{
    /// <summary>Stands before lists whose items it separates: those of formats that have lists.</summary>
    public const char UnitSeparator = '\u001F';

    private const char ListSeparator = '|';

    /// <summary>Writes a value; nothing is written where it is refused.</summary>
    /// <param name="json">Receives the key and the value.</param>
    /// <param name="name">The column.</param>
    /// <param name="column">Its type and range.</param>
    /// <param name="text">The value.</param>
    /// <param name="timeFormat">As in the import section.</param>
    /// <returns>Why the value is refused, or null.</returns>
    public static string? Write(Utf8JsonWriter json, string name, ColumnSpec column, string text, string? timeFormat) =>
        column.Type switch
        {
            ColumnType.Text => WriteText(json, name, column, text),
            ColumnType.Whole => WriteWhole(json, name, column, text),
            ColumnType.Number => WriteNumber(json, name, column, text),
            ColumnType.Flag => WriteFlag(json, name, text),
            ColumnType.Time => WriteTime(json, name, text, timeFormat),
            ColumnType.NumberList => WriteNumbers(json, name, column, text),
            ColumnType.TextList => WriteTexts(json, name, column, text),
            _ => throw new System.Diagnostics.UnreachableException($"{column.Type}"),
        };

    private static string? WriteText(Utf8JsonWriter json, string name, ColumnSpec column, string text)
    {
        if (text.Length > column.MaximumLength)
        {
            return TooLong(column);
        }

        json.WriteString(name, text);
        return null;
    }

    private static string? WriteWhole(Utf8JsonWriter json, string name, ColumnSpec column, string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            return "is not a whole number";
        }

        if (value < column.Minimum || value > column.Maximum)
        {
            return OutOfRange(column);
        }

        json.WriteNumber(name, value);
        return null;
    }

    private static string? WriteNumber(Utf8JsonWriter json, string name, ColumnSpec column, string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ||
            !double.IsFinite(value))
        {
            return "is not a number";
        }

        if (value < column.Minimum || value > column.Maximum)
        {
            return OutOfRange(column);
        }

        json.WriteNumber(name, value);
        return null;
    }

    private static string? WriteFlag(Utf8JsonWriter json, string name, string text)
    {
        bool? value = text.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" => true,
            "FALSE" or "0" or "NO" => false,
            _ => null,
        };
        if (value is null)
        {
            return "is not true, false, yes, no, 1 or 0";
        }

        json.WriteBoolean(name, value.Value);
        return null;
    }

    private static string? WriteTime(Utf8JsonWriter json, string name, string text, string? timeFormat)
    {
        if (!TimeText.TryRead(text, timeFormat, out DateTimeOffset time))
        {
            return "is not a moment";
        }

        json.WriteString(name, TimeText.Write(time));
        return null;
    }

    private static string? WriteNumbers(Utf8JsonWriter json, string name, ColumnSpec column, string text)
    {
        if (Items(text) is not { } items)
        {
            return "is not a list";
        }

        if (items.Length > column.MaximumLength)
        {
            return TooLong(column);
        }

        float[] values = new float[items.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.TryParse(items[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) ||
                !float.IsFinite(values[i]))
            {
                return "is not a list of numbers";
            }
        }

        json.WriteStartArray(name);
        foreach (float value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
        return null;
    }

    private static string? WriteTexts(Utf8JsonWriter json, string name, ColumnSpec column, string text)
    {
        if (Items(text) is not { } items)
        {
            return "is not a list";
        }

        if (items.Any(item => item.Length > column.MaximumLength))
        {
            return TooLong(column);
        }

        json.WriteStartArray(name);
        foreach (string item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
        return null;
    }

    private static string TooLong(ColumnSpec column) =>
        string.Create(CultureInfo.InvariantCulture, $"is longer than {column.MaximumLength}");

    // A JSON array, items separated by '|', or a list that a format with lists gave.
    private static string[]? Items(string text)
    {
        if (text.StartsWith(UnitSeparator))
        {
            return text.Length == 1 ? [] : text[1..].Split(UnitSeparator);
        }

        if (!text.StartsWith('['))
        {
            return text.Split(ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        try
        {
            using var list = JsonDocument.Parse(text);
            return [.. list.RootElement.EnumerateArray().Select(item => item.ToString())];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string OutOfRange(ColumnSpec column) => string.Create(
        CultureInfo.InvariantCulture,
        $"is outside {column.Minimum ?? double.NegativeInfinity} to {column.Maximum ?? double.PositiveInfinity}");
}
