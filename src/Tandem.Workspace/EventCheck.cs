using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Holds an event to what its source declares: entities, times, required columns, types and ranges. Columns
/// that are not declared are kept, not refused.</summary>
internal sealed class EventCheck(SystemSpec spec, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Finds what is wrong with an event, or returns null.</summary>
    public Fault? Find(EventRecord record)
    {
        if (!spec.Sources.TryGetValue(record.Type, out SourceSpec? source))
        {
            return WorkspaceErrors.UnknownType(record.Type, spec.Sources.Keys);
        }

        foreach (string entity in source.Entities)
        {
            if (!Names(record, entity))
            {
                return WorkspaceErrors.MissingEntity(record.Type, entity);
            }
        }

        DateTimeOffset now = clock.GetUtcNow();
        return record.EventTime > now + Skew
            ? WorkspaceErrors.FutureEvent(record.EventTime.Value, now)
            : CheckColumns(record, source);
    }

    private static bool Names(EventRecord record, string entity)
    {
        foreach (EntityKey key in record.Entities)
        {
            if (key.Entity == entity)
            {
                return true;
            }
        }

        return false;
    }

    private static Fault? CheckColumns(EventRecord record, SourceSpec source)
    {
        HashSet<string>? missing = null;
        foreach ((string name, ColumnSpec column) in source.Columns)
        {
            if (column.IsRequired)
            {
                (missing ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
            }
        }

        if (!record.Data.IsEmpty)
        {
            Utf8JsonReader reader = new(record.Data.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                missing?.Remove(name);
                if (source.Columns.TryGetValue(name, out ColumnSpec? column)
                    && CheckValue(record.Type, name, column, ref reader) is { } fault)
                {
                    return fault;
                }

                reader.Skip();
            }
        }

        return missing is { Count: > 0 } ? WorkspaceErrors.MissingColumn(record.Type, missing.First()) : null;
    }

    private static Fault? CheckValue(string source, string name, ColumnSpec column, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return column.IsRequired ? WorkspaceErrors.MissingColumn(source, name) : null;
        }

        bool isRight = column.Type switch
        {
            ColumnType.Text => reader.TokenType == JsonTokenType.String,
            ColumnType.Time => reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out _),
            ColumnType.Whole => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _),
            ColumnType.Number => reader.TokenType == JsonTokenType.Number && double.IsFinite(reader.GetDouble()),
            ColumnType.Flag => reader.TokenType is JsonTokenType.True or JsonTokenType.False,
            ColumnType.NumberList or ColumnType.TextList => reader.TokenType == JsonTokenType.StartArray,
            _ => false,
        };
        if (!isRight)
        {
            string expected = column.Type.ToString().ToLowerInvariant();
            return WorkspaceErrors.WrongType(source, name, expected, reader.TokenType.ToString().ToLowerInvariant());
        }

        if (column.Type is ColumnType.Whole or ColumnType.Number)
        {
            double value = reader.GetDouble();
            if (value < column.Minimum || value > column.Maximum)
            {
                return WorkspaceErrors.OutOfRange(source, name, value, column.Minimum, column.Maximum);
            }
        }

        return null;
    }
}
