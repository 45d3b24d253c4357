using System.Diagnostics;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Reads the rows of a source from the lake into the same cells that events fill online.</summary>
internal sealed class LakeRows
{
    private readonly SourceShape _shape;
    private readonly List<string> _columns = [LakeEnvelope.EventTime, LakeEnvelope.KnownTime];
    private readonly int[] _places;
    private readonly int _first;
    private readonly int _id = -1;
    private readonly int _place = -1;
    private uint _next;

    /// <param name="shape">The source and its columns; none may be added afterwards.</param>
    /// <param name="withIds">True to read event ids too, where events may come again from the log; otherwise every
    /// row counts as an event of its own.</param>
    /// <param name="only">The columns to read, where not all of them are looked at; null for all.</param>
    /// <param name="first">The reader's column where its columns begin.</param>
    public LakeRows(SourceShape shape, bool withIds, IReadOnlySet<int>? only = null, int first = 0)
    {
        _shape = shape;
        _first = first;
        _places = new int[shape.Columns.Count];
        for (int c = 0; c < _places.Length; c++)
        {
            bool isRead = shape.Columns[c].IsStored && (only is null || only.Contains(c));
            _places[c] = isRead ? first + _columns.Count : -1;
            if (isRead)
            {
                _columns.Add(shape.Columns[c].Name);
            }
        }

        if (shape.Attributes.Any())
        {
            _place = first + _columns.Count;
            _columns.Add(LakeEnvelope.LogPosition);
        }

        if (withIds)
        {
            _id = first + _columns.Count;
            _columns.Add(LakeEnvelope.EventId);
        }
    }

    /// <summary>The columns that a query must read, in order.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The reader's index of a column of the shape; -1 where it is computed.</summary>
    public int Index(int column) => _places[column];

    /// <summary>A cell as a number: flags are 0 and 1, times are seconds since 1970, null is NaN.</summary>
    public static double Number(LakeReader reader, ColumnType type, int column, int index) =>
        reader.IsNull(column, index) ? double.NaN : type switch
        {
            ColumnType.Whole => reader.Wholes(column)[index],
            ColumnType.Number => reader.Numbers(column)[index],
            ColumnType.Flag => reader.Flags(column)[index] ? 1 : 0,
            ColumnType.Time => SourceRow.Seconds(reader.TimesMicros(column)[index]),
            _ => throw new UnreachableException(),
        };

    /// <summary>Fills a row.</summary>
    public void Fill(LakeReader reader, int index, SourceRow row)
    {
        row.Clear();
        row.KnownTime = reader.TimesMicros(_first + 1)[index];
        row.EventTime = !_shape.HasTimes ? 0
            : reader.IsNull(_first, index) ? row.KnownTime
            : reader.TimesMicros(_first)[index];
        row.Place = _place < 0 ? long.MaxValue : reader.Wholes(_place)[index];
        row.IdHash = _id < 0 ? _next++ : (uint)TextHash.Of(reader.Utf8(_id, index));
        for (int c = 0; c < _shape.Columns.Count; c++)
        {
            int column = _places[c];
            if (column < 0 || reader.IsNull(column, index))
            {
                continue;
            }

            if (_shape.Columns[c].IsText)
            {
                row.Set(c, reader.Utf8(column, index));
            }
            else
            {
                row.Set(c, Number(reader, _shape.Columns[c].Type, column, index));
            }
        }

        _shape.Compute(row);
    }
}
