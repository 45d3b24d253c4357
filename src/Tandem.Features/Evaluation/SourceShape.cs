using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>The columns of one source that features read, and how to read them from an event.</summary>
internal sealed class SourceShape
{
    private readonly List<SourceColumn> _columns = [];
    private readonly List<(int Column, Formula Formula)> _computed = [];
    private readonly List<(int Column, int Entity, TableColumn Attribute)> _attributes = [];
    private bool _hasData;
    private int _eventTime = -1;

    public SourceShape(string name, SourceSpec source)
    {
        Name = name;
        Source = source;
    }

    public string Name { get; }

    public SourceSpec Source { get; }

    public bool HasTimes => Source.HasTimes;

    public IReadOnlyList<SourceColumn> Columns => _columns;

    /// <summary>The columns that are looked up in tables.</summary>
    public IEnumerable<TableColumn> Attributes => _attributes.Select(static each => each.Attribute);

    /// <summary>What those tables say. Without it such cells are null: enough for series that do not look at them.</summary>
    public ITableState? Tables { get; set; }

    /// <summary>True where cells are computed from others of their row.</summary>
    public bool Computes => _computed.Count + _attributes.Count > 0;

    /// <summary>Gives the index of a column that rows have, adding it where it is new.</summary>
    public int Column(string name) => Column(SourceColumn.FindInput(Source, name)
        ?? throw new ArgumentException($"Source '{Name}' has no column '{name}'.", nameof(name)));

    /// <summary>Gives the index of a column, adding it, and what it is computed from, where it is new.</summary>
    public int Column(SourceColumn column)
    {
        int index = _columns.FindIndex(each => each.Key == column.Key);
        if (index >= 0)
        {
            return index;
        }

        Formula? formula = column.Parts is [var first, var second]
            ? new CrossFormula(
                (new Formula.Cell(Column(first)), ExpressionType.Text), (new Formula.Cell(Column(second)), ExpressionType.Text))
            : column.Expression is null ? null
            : new FormulaCompiler(ExpressionScope.Of(Source), Column).Compile(column.Expression);
        if (column.Attribute is { } attribute)
        {
            int entity = Column(attribute.Entity);
            _attributes.Add((_columns.Count, entity, attribute));
        }

        index = _columns.Count;
        _columns.Add(column);
        _hasData |= column.IsStored && !column.IsEntity;
        _eventTime = column.IsEventTime ? index : _eventTime;
        if (formula is not null)
        {
            _computed.Add((index, formula));
        }

        return index;
    }

    /// <summary>Fills the cells that are computed, once the others and the times of a row are there.</summary>
    public void Compute(SourceRow row)
    {
        if (_eventTime >= 0)
        {
            row.Set(_eventTime, SourceRow.Seconds(row.EventTime));
        }

        foreach ((int column, int entity, TableColumn attribute) in _attributes)
        {
            if (Tables is { } tables && !row.IsNull(entity)
                && tables.TryFind(attribute.Table, attribute.Column, row.Utf8(entity), row.Place, out ReadOnlySpan<byte> text))
            {
                row.Set(column, text);
            }
        }

        foreach ((int column, Formula formula) in _computed)
        {
            if (!_columns[column].IsText)
            {
                row.Set(column, formula.Number(row));
            }
            else if (formula.TryText(row, out ReadOnlySpan<byte> text))
            {
                row.Set(column, text);
            }
        }
    }

    /// <summary>Reads an event into a row.</summary>
    /// <exception cref="Tandem.Faults.TandemException">FEA008: its data is no JSON object.</exception>
    public void Read(EventRecord record, SourceRow row)
    {
        row.Clear();
        row.Place = long.MaxValue;
        row.KnownTime = Micros.Of(record.KnownTime);
        row.EventTime = !HasTimes ? 0 : record.EventTime is DateTimeOffset time ? Micros.Of(time) : row.KnownTime;
        row.IdHash = (uint)TextHash.Of(record.Id.AsSpan());
        for (int c = 0; c < _columns.Count; c++)
        {
            if (!_columns[c].IsEntity)
            {
                continue;
            }

            IReadOnlyList<EntityKey> entities = record.Entities;
            for (int i = 0; i < entities.Count; i++)
            {
                if (entities[i].Entity == _columns[c].Name)
                {
                    string id = entities[i].Id;
                    Span<byte> room = row.Reserve(c, Encoding.UTF8.GetMaxByteCount(id.Length));
                    row.Commit(c, Encoding.UTF8.GetBytes(id, room));
                    break;
                }
            }
        }

        if (_hasData && !record.Data.IsEmpty)
        {
            ReadData(record, row);
        }

        Compute(row);
    }

    /// <summary>Reads the declared columns from a JSON object.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public void ReadCells(ReadOnlySpan<byte> json, SourceRow row)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int column = Match(ref reader);
            reader.Read();
            if (column >= 0)
            {
                ReadCell(ref reader, row, column);
            }

            reader.Skip();
        }
    }

    private void ReadData(EventRecord record, SourceRow row)
    {
        try
        {
            ReadCells(record.Data.Span, row);
        }
        catch (JsonException error)
        {
            throw FeaturesErrors.WrongData(record.Id, error.Message, error);
        }
    }

    private int Match(ref Utf8JsonReader reader)
    {
        for (int c = 0; c < _columns.Count; c++)
        {
            if (_columns[c].IsStored && !_columns[c].IsEntity && reader.ValueTextEquals(_columns[c].Utf8))
            {
                return c;
            }
        }

        return -1;
    }

    private void ReadCell(ref Utf8JsonReader reader, SourceRow row, int column)
    {
        switch (_columns[column].Type, reader.TokenType)
        {
            case (ColumnType.Number, JsonTokenType.Number):
                row.Set(column, reader.GetDouble());
                break;
            case (ColumnType.Whole, JsonTokenType.Number) when reader.TryGetInt64(out long whole):
                row.Set(column, whole);
                break;
            case (ColumnType.Flag, JsonTokenType.True or JsonTokenType.False):
                row.Set(column, reader.TokenType == JsonTokenType.True ? 1 : 0);
                break;
            case (ColumnType.Time, JsonTokenType.String) when reader.TryGetDateTimeOffset(out DateTimeOffset moment):
                row.Set(column, SourceRow.Seconds(Micros.Of(moment)));
                break;
            case (ColumnType.Text, JsonTokenType.String):
                // Unescaping never makes text longer.
                Span<byte> room = row.Reserve(column, reader.ValueSpan.Length);
                row.Commit(column, reader.CopyString(room));
                break;
            default:
                break;
        }
    }
}
