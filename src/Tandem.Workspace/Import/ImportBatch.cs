using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Storage;

namespace Tandem.Workspace.Import;

/// <summary>Collects events and refused rows, and passes them on thousands at a time: while one run is written, the
/// next is read.</summary>
internal sealed class ImportBatch(IJournal journal, Quarantine quarantine)
{
    private const int EventsPerAppend = 8192;
    private const int RowsPerObject = 1000;

    private readonly List<QuarantinedRow> _refused = [];
    private List<EventRecord> _events = new(EventsPerAppend);
    private List<EventRecord> _writing = new(EventsPerAppend);
    private Task _pending = Task.CompletedTask;

    /// <summary>Events passed on so far, those being written included.</summary>
    public long EventCount { get; private set; }

    /// <summary>Rows refused so far.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>True where <see cref="PassOnAsync"/> is due.</summary>
    public bool IsFull => _events.Count >= EventsPerAppend || _refused.Count >= RowsPerObject;

    /// <summary>Takes an event.</summary>
    public void Add(EventRecord record) => _events.Add(record);

    /// <summary>Takes a row that is no event.</summary>
    public void Refuse(QuarantinedRow row)
    {
        RejectedCount++;
        _refused.Add(row);
    }

    /// <summary>Begins to write what was collected.</summary>
    public async ValueTask PassOnAsync(CancellationToken cancellationToken)
    {
        await SettleAsync().ConfigureAwait(false);
        if (_refused.Count >= RowsPerObject)
        {
            await KeepRefusedAsync(cancellationToken).ConfigureAwait(false);
        }

        (_events, _writing) = (_writing, _events);
        _events.Clear();
        EventCount += _writing.Count;
        _pending = Task.Run(() => AppendAsync(0, _writing.Count, cancellationToken), cancellationToken);
    }

    /// <summary>Writes all that is left, and completes when it is durable.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await PassOnAsync(cancellationToken).ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
        await KeepRefusedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until nothing is being written.</summary>
    public async ValueTask SettleAsync() => await _pending.ConfigureAwait(false);

    // The journal takes all or none: where they are too large together, each half goes on its own.
    private async Task AppendAsync(int start, int count, CancellationToken cancellationToken)
    {
        try
        {
            await journal.AppendAsync(_writing.GetRange(start, count), cancellationToken).ConfigureAwait(false);
        }
        catch (TandemException e) when (e.Fault.Kind == FaultKind.Invalid && count > 1)
        {
            int half = count / 2;
            await AppendAsync(start, half, cancellationToken).ConfigureAwait(false);
            await AppendAsync(start + half, count - half, cancellationToken).ConfigureAwait(false);
        }
    }

    // Named by what it holds, so that the same rows refused again change nothing.
    private async ValueTask KeepRefusedAsync(CancellationToken cancellationToken)
    {
        StringBuilder content = new();
        foreach (QuarantinedRow row in _refused)
        {
            content.Append(CultureInfo.InvariantCulture, $"{row.Code}\n{row.Source}\n{row.File}\n");
            content.Append(CultureInfo.InvariantCulture, $"{row.Line}\n{row.Text}\n");
        }

        string hash = ContentHash.Of(Encoding.UTF8.GetBytes(content.ToString()));
        string name = "import-" + ContentHash.Digits(hash);
        await quarantine.AppendAsync(_refused, name, cancellationToken).ConfigureAwait(false);
        _refused.Clear();
    }
}
