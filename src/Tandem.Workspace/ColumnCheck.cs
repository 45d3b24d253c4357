using System.Text;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Holds the data of an event to the columns of its source: presence, types, ranges, lengths, and names that
/// are not declared.</summary>
/// <remarks>Allocates nothing for an event that passes. Thread safe.</remarks>
internal sealed class ColumnCheck
{
    private const int MostOnStack = 256;

    private readonly string _source;
    private readonly string[] _names;
    private readonly byte[][] _utf8Names;
    private readonly ColumnSpec[] _columns;
    private readonly bool _refusesUnknown;
    private readonly bool _hasRequired;
    private readonly int _deleted;

    public ColumnCheck(string name, SourceSpec source)
    {
        _source = name;
        _names = [.. source.Columns.Keys];
        _utf8Names = [.. _names.Select(Encoding.UTF8.GetBytes)];
        _columns = [.. source.Columns.Values];
        _refusesUnknown = source.UnknownColumns == UnknownColumns.Refuse;
        _deleted = source.Kind == SourceKind.Table ? Array.IndexOf(_names, SourceSpec.DeletedColumn) : -1;
        _hasRequired = _columns.Any(static column => column.IsRequired);
    }

    /// <summary>Finds what is wrong with an event's data, or returns null.</summary>
    /// <param name="data">A JSON object that the reader of events took, or nothing.</param>
    /// <param name="isWhole">False where required columns may be missing.</param>
    public Fault? Find(ReadOnlySpan<byte> data, bool isWhole = true)
    {
        Span<bool> given = _columns.Length <= MostOnStack ? stackalloc bool[_columns.Length] : new bool[_columns.Length];
        if (!data.IsEmpty && CheckGiven(data, given) is { } fault)
        {
            return fault;
        }

        for (int i = 0; isWhole && _hasRequired && i < given.Length; i++)
        {
            if (_columns[i].IsRequired && !given[i])
            {
                return WorkspaceErrors.MissingColumn(_source, _names[i]);
            }
        }

        return null;
    }

    private Fault? CheckGiven(ReadOnlySpan<byte> data, Span<bool> given)
    {
        bool isGone = false;
        Utf8JsonReader reader = new(data);
        reader.Read();
        int last = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int column = IndexOf(ref reader, last);
            if (column < 0 && _refusesUnknown)
            {
                return WorkspaceErrors.UnknownColumn(_source, reader.GetString()!, _names);
            }

            reader.Read();
            if (column >= 0)
            {
                last = column;
                given[column] = reader.TokenType != JsonTokenType.Null;
                isGone |= column == _deleted && reader.TokenType == JsonTokenType.True;
                if (given[column] && CheckValue(column, ref reader) is { } fault)
                {
                    return fault;
                }
            }

            reader.Skip();
        }

        if (isGone)
        {
            // What is gone has no columns.
            given.Fill(true);
        }

        return null;
    }

    // Senders keep an order: the column behind the last one is tried first.
    private int IndexOf(ref Utf8JsonReader reader, int last)
    {
        for (int i = 1; i <= _utf8Names.Length; i++)
        {
            int column = (last + i) % _utf8Names.Length;
            if (reader.ValueTextEquals(_utf8Names[column]))
            {
                return column;
            }
        }

        return -1;
    }

    private Fault? CheckValue(int index, ref Utf8JsonReader reader)
    {
        ColumnSpec column = _columns[index];
        bool isRight = column.Type switch
        {
            ColumnType.Text => reader.TokenType == JsonTokenType.String,
            ColumnType.Time => reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out _),
            ColumnType.Whole => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _),
            ColumnType.Number => reader.TokenType == JsonTokenType.Number,
            ColumnType.Flag => reader.TokenType is JsonTokenType.True or JsonTokenType.False,
            ColumnType.NumberList or ColumnType.TextList => reader.TokenType == JsonTokenType.StartArray,
            _ => throw new System.Diagnostics.UnreachableException($"{column.Type}"),
        };
        return !isRight ? WrongType(index, reader.TokenType) : column.Type switch
        {
            ColumnType.Whole or ColumnType.Number => CheckRange(index, reader.GetDouble()),
            ColumnType.Text => CheckLength(index, ref reader),
            ColumnType.NumberList or ColumnType.TextList => CheckItems(index, ref reader),
            _ => null,
        };
    }

    private Fault? CheckRange(int index, double value)
    {
        ColumnSpec column = _columns[index];
        return value < column.Minimum || value > column.Maximum
            ? WorkspaceErrors.OutOfRange(_source, _names[index], value, column.Minimum, column.Maximum)
            : null;
    }

    private Fault? CheckLength(int index, ref Utf8JsonReader reader)
    {
        // A text never has more characters than bytes.
        if (_columns[index].MaximumLength is not { } limit || reader.ValueSpan.Length <= limit)
        {
            return null;
        }

        int length = reader.GetString()!.Length;
        return length > limit ? WorkspaceErrors.TooLong(_source, _names[index], length, limit) : null;
    }

    private Fault? CheckItems(int index, ref Utf8JsonReader reader)
    {
        ColumnSpec column = _columns[index];
        bool isNumbers = column.Type == ColumnType.NumberList;
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != (isNumbers ? JsonTokenType.Number : JsonTokenType.String))
            {
                return WrongType(index, reader.TokenType);
            }

            if (!isNumbers && CheckLength(index, ref reader) is { } fault)
            {
                return fault;
            }

            count++;
        }

        return isNumbers && count > column.MaximumLength
            ? WorkspaceErrors.TooLong(_source, _names[index], count, column.MaximumLength.Value)
            : null;
    }

    private Fault WrongType(int index, JsonTokenType given) => WorkspaceErrors.WrongType(
        _source, _names[index], Said(_columns[index].Type), given.ToString().ToLowerInvariant());

    private static string Said(ColumnType type) => type switch
    {
        ColumnType.NumberList => "a list of numbers",
        ColumnType.TextList => "a list of texts",
        ColumnType.Flag => "true or false",
        ColumnType.Time => "a moment such as 2026-01-31T23:59:59Z",
        ColumnType.Whole => "a whole number",
        ColumnType.Number => "a number",
        _ => "a text",
    };
}
