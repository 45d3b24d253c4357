using System.Text;
using System.Text.Unicode;
using Tandem.Events;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private readonly EventIntake _intake;
    private long _appended;

    /// <summary>Takes events from a client: each is checked and answered on its own.</summary>
    /// <param name="lines">One JSON object each, UTF-8.</param>
    /// <param name="form">How they are written.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>One outcome a line. Accepted events are durable, and the next answer knows them; refused ones are in
    /// quarantine.</returns>
    /// <exception cref="Faults.TandemException">EVT003: the events are too much for one append; EVT008: the disk failed.
    /// Sent again under their ids, they are the same events.</exception>
    public async ValueTask<IReadOnlyList<EventOutcome>> IngestAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> lines, EventForm form = EventForm.Event,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        IJournal journal = Writer();
        var outcomes = new EventOutcome[lines.Count];
        List<EventRecord> accepted = new(lines.Count);
        List<QuarantinedRow> refused = [];
        for (int i = 0; i < outcomes.Length; i++)
        {
            EventRecord? record = _intake.Read(lines[i], form, out Refusal? refusal);
            outcomes[i] = new EventOutcome(i, record?.Id, refusal?.Fault);
            if (record is not null)
            {
                accepted.Add(record);
            }
            else
            {
                refused.Add(Row(lines[i], i, refusal!));
            }
        }

        // The log first: a caller that is told to come again then finds nothing of this call in quarantine.
        JournalPosition end = default;
        if (accepted.Count > 0)
        {
            end = await journal.AppendAsync(accepted, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _appended, accepted.Count);
        }

        await Quarantine.AppendAsync(refused, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (_serving is not null)
        {
            await _applied.WaitAsync(end, cancellationToken).ConfigureAwait(false);
        }

        return outcomes;
    }

    private QuarantinedRow Row(ReadOnlyMemory<byte> line, int index, Refusal refusal) => new()
    {
        Code = refusal.Fault.Code,
        Message = refusal.Fault.What,
        Source = refusal.Source,
        Line = index + 1,
        Text = Encoding.UTF8.GetString(line.Span),
        IsPartial = Utf8.IsValid(line.Span) ? null : true,
        Time = _options.Clock.GetUtcNow(),
    };
}
