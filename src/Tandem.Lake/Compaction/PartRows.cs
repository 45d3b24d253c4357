using System.Text.Json;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Rows of a batch on their way into one file.</summary>
internal sealed class PartRows
{
    private readonly EventBatch _batch;
    private readonly ReadOnlyMemory<int> _rows;
    private readonly RowWriter _writer;
    private readonly CancellationToken _cancellationToken;
    private int _done;

    /// <summary>Takes rows to be written.</summary>
    /// <param name="batch">Holds them.</param>
    /// <param name="partition">Where they belong.</param>
    /// <param name="rows">Which they are, in the order of the file.</param>
    /// <param name="cancellationToken">Ends the reading of them.</param>
    public PartRows(
        EventBatch batch, Partition partition, ReadOnlyMemory<int> rows, CancellationToken cancellationToken)
    {
        _batch = batch;
        _rows = rows;
        DuckColumns chunk = new(partition.Table.Columns.Count);
        _writer = new RowWriter(partition.Table, chunk);
        _cancellationToken = cancellationToken;
        Partition = partition;
        Source = new DuckRowSource(partition.Table.Columns, chunk, Fill);
    }

    /// <summary>Where they belong.</summary>
    public Partition Partition { get; }

    /// <summary>The rows for the engine.</summary>
    public DuckRowSource Source { get; }

    /// <summary>What was found in the rows that were read.</summary>
    public RowFigures Figures => _writer.Figures;

    private int Fill()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        ReadOnlySpan<int> rows = _rows.Span[_done..Math.Min(_rows.Length, _done + DuckColumns.Capacity)];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            try
            {
                var line = EventLine.Parse(_batch.Line(row));
                _writer.Write(i, line, _batch.Position(row), _batch.Row(row).Time);
            }
            catch (JsonException e)
            {
                throw _batch.Damage(row, e.Message, e);
            }
        }

        _done += rows.Length;
        return rows.Length;
    }
}
