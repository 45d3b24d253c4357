using System.Text;
using Tandem.Faults;
using Tandem.Lake.Native;

namespace Tandem.Lake;

/// <summary>Rows, a chunk at a time, column by column. Rows are made as they are read: the result is never in memory
/// as a whole.</summary>
/// <remarks>For one thread. Every span is valid until the next <see cref="Read"/> or <see cref="Dispose"/>. A null
/// row's value in a numeric span is arbitrary: ask <see cref="IsNull"/> first where <see cref="HasNulls"/>.</remarks>
public sealed class LakeReader : IDisposable
{
    private readonly DuckConnection? _connection;
    private readonly DuckStatement _statement;
    private readonly DuckReader _reader;
    private readonly Func<TandemException, TandemException>? _explain;

    /// <summary>Takes over what it reads from.</summary>
    /// <param name="connection">Closed with the reader; null where somebody else closes it.</param>
    /// <param name="statement">The statement that was run.</param>
    /// <param name="reader">Its result.</param>
    /// <param name="columns">The result's columns.</param>
    /// <param name="explain">What a failure midway means to the caller; null gives it as it is.</param>
    internal LakeReader(
        DuckConnection? connection, DuckStatement statement, DuckReader reader, IReadOnlyList<LakeColumn> columns,
        Func<TandemException, TandemException>? explain = null)
    {
        _explain = explain;
        _connection = connection;
        _statement = statement;
        _reader = reader;
        Columns = columns;
        Names = [.. columns.Select(static column => column.Name)];
    }

    /// <summary>The columns' names, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; }

    /// <summary>Rows in the current chunk, at most 2,048.</summary>
    public int RowCount => _reader.RowCount;

    /// <summary>Moves to the next chunk.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="TandemException">LAK002: the engine failed midway.</exception>
    /// <exception cref="OperationCanceledException">The token given to the scan was cancelled.</exception>
    public bool Read()
    {
        try
        {
            return _reader.Read();
        }
        catch (TandemException e) when (_explain is not null)
        {
            throw _explain(e);
        }
    }

    /// <summary>Position of a column by name, without regard to case.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The reader has no such column.</exception>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Names.Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new ArgumentException($"There is no column '{name}' among {string.Join(", ", Names)}.", nameof(name));
    }

    /// <summary>Values of a column of whole numbers, one per row.</summary>
    /// <param name="column">Column, from 0.</param>
    public ReadOnlySpan<long> Wholes(int column) => Fixed<long>(column, LakeType.Whole);

    /// <summary>Values of a column of numbers, one per row.</summary>
    /// <param name="column">Column, from 0.</param>
    public ReadOnlySpan<double> Numbers(int column) => Fixed<double>(column, LakeType.Number);

    /// <summary>Values of a column of flags, one per row.</summary>
    /// <param name="column">Column, from 0.</param>
    public ReadOnlySpan<bool> Flags(int column) => Fixed<bool>(column, LakeType.Flag);

    /// <summary>Values of a column of times, one per row: microseconds since 1970 UTC.</summary>
    /// <param name="column">Column, from 0.</param>
    public ReadOnlySpan<long> TimesMicros(int column) => Fixed<long>(column, LakeType.Time);

    /// <summary>False where no row of this chunk is null in a column; true where one may be.</summary>
    /// <param name="column">Column, from 0.</param>
    public bool HasNulls(int column) => _reader.HasNulls(column);

    /// <summary>Whether a value is null.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="row">Row of the chunk, from 0.</param>
    public bool IsNull(int column, int row) => _reader.IsNull(column, row);

    /// <summary>A text as UTF-8; empty where it is null.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="row">Row of the chunk, from 0.</param>
    public ReadOnlySpan<byte> Utf8(int column, int row)
    {
        Expect(column, LakeType.Text);
        return _reader.IsNull(column, row) ? default : _reader.Utf8(column, row);
    }

    /// <summary>A text, or null.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="row">Row of the chunk, from 0.</param>
    public string? Text(int column, int row) =>
        IsNull(column, row) ? null : Encoding.UTF8.GetString(Utf8(column, row));

    /// <summary>A list of numbers; empty where it is null.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="row">Row of the chunk, from 0.</param>
    public ReadOnlySpan<float> NumberList(int column, int row)
    {
        Expect(column, LakeType.NumberList);
        return _reader.IsNull(column, row) ? default : _reader.List<float>(column, row);
    }

    /// <summary>Length of a list of texts; 0 where it is null.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="row">Row of the chunk, from 0.</param>
    public int TextListLength(int column, int row)
    {
        Expect(column, LakeType.TextList);
        return _reader.IsNull(column, row) ? 0 : _reader.ListLength(column, row);
    }

    /// <summary>One text of a list, as UTF-8.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="row">Row of the chunk, from 0.</param>
    /// <param name="index">Place in the list, from 0, below <see cref="TextListLength"/>.</param>
    public ReadOnlySpan<byte> TextListUtf8(int column, int row, int index)
    {
        int length = TextListLength(column, row);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, length);
        return _reader.ListUtf8(column, row, index);
    }

    /// <summary>Ends the reading and frees its connection.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _statement.Dispose();
        _connection?.Dispose();
    }

    private ReadOnlySpan<T> Fixed<T>(int column, LakeType type)
        where T : unmanaged
    {
        Expect(column, type);
        return _reader.Column<T>(column);
    }

    private void Expect(int column, LakeType type)
    {
        if (Columns[column].Type != type)
        {
            throw new InvalidOperationException(
                $"Column '{Names[column]}' holds {Columns[column].Type}; it was read as {type}.");
        }
    }
}
