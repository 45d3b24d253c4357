using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Serving;
using Tandem.Spec;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    // A patch reads the row before it: between the two nobody else changes one.
    private readonly SemaphoreSlim _rowGate = new(1, 1);
    private EntityRows? _rows;

    /// <summary>Changes rows of items or users. Each change is a new row of the entity's table in the raw log, so that
    /// what was known before stays known of then.</summary>
    /// <param name="role">Whose rows.</param>
    /// <param name="change">How they change.</param>
    /// <param name="id">Id of the entity that all rows are about; null where each names its own.</param>
    /// <param name="rows">One JSON object each: <c>{"id": …, "data": {…}, "time": …}</c>.</param>
    /// <param name="cancellationToken">Stops waiting; the rows may still be taken.</param>
    /// <returns>One outcome a row. Accepted rows are durable, and the next answer knows them.</returns>
    /// <exception cref="TandemException">WSP023: no table is declared for these rows.</exception>
    public async ValueTask<IReadOnlyList<EventOutcome>> ChangeRowsAsync(
        EntityRole role, RowChange change, string? id, IReadOnlyList<ReadOnlyMemory<byte>> rows,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        (string user, string item) = ServingLoop.Roles(Spec);
        string entity = role == EntityRole.Item ? item : user;
        string table = Spec.Entities[entity].Table ?? throw WorkspaceErrors.NoTable(entity);
        var outcomes = new EventOutcome[rows.Count];
        var faults = new Fault?[rows.Count];
        SentRow?[] sent = [.. rows.Select((row, i) => SentRow.Read(row, id, out faults[i]))];
        Run run = new(entity, table, change);
        await _rowGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (change == RowChange.Patch)
            {
                await FindAtRestAsync(run, sent, cancellationToken).ConfigureAwait(false);
            }

            for (int i = 0; i < sent.Length; i++)
            {
                SentRow? row = sent[i];
                if (row is not null && !run.Ids.Add(row.Id))
                {
                    // A second change of one entity builds upon the first.
                    await FinishAsync(run, outcomes, cancellationToken).ConfigureAwait(false);
                    run.Ids.Add(row.Id);
                }

                ReadOnlyMemory<byte>? line = row is null
                    ? null
                    : await ToEventAsync(run, row, cancellationToken).ConfigureAwait(false);
                if (line is { } whole)
                {
                    run.Events.Add(whole);
                    run.Indexes.Add(i);
                }
                else
                {
                    outcomes[i] = new EventOutcome(i, null, faults[i] ?? WorkspaceErrors.NoSuchRow(entity, row!.Id));
                }
            }

            await FinishAsync(run, outcomes, cancellationToken).ConfigureAwait(false);
            return outcomes;
        }
        finally
        {
            _rowGate.Release();
        }
    }

    private async ValueTask FinishAsync(Run run, EventOutcome[] outcomes, CancellationToken cancellationToken)
    {
        IReadOnlyList<EventOutcome> taken = await IngestAsync(run.Events, EventForm.Event, cancellationToken)
            .ConfigureAwait(false);
        for (int i = 0; i < taken.Count; i++)
        {
            outcomes[run.Indexes[i]] = taken[i] with { Index = run.Indexes[i] };
        }

        run.Clear();
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ToEventAsync(
        Run run, SentRow row, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _options.Clock.GetUtcNow();
        string eventId = Guid.CreateVersion7(now).ToString("N");
        DateTimeOffset? since = Spec.Sources[run.Table].HasTimes ? now : null;
        IEnumerable<JsonProperty> sent = row.Data is { } data ? data.EnumerateObject() : [];
        if (run.Change != RowChange.Patch)
        {
            return row.ToEvent(eventId, run.Table, run.Entity, since, run.Change == RowChange.Put ? sent : null);
        }

        if (await FindAsync(run, row.Id, cancellationToken).ConfigureAwait(false) is not { } before)
        {
            return null;
        }

        using var columns = JsonDocument.Parse(before.Data.IsEmpty ? "{}"u8.ToArray() : before.Data);
        bool isGone = columns.RootElement.TryGetProperty(SourceSpec.DeletedColumn, out JsonElement deleted)
            && deleted.ValueKind == JsonValueKind.True;
        if (isGone)
        {
            return null;
        }

        return row.ToEvent(eventId, run.Table, run.Entity, since, Merge(columns.RootElement, row.Data));
    }

    /// <summary>The newest row of an entity, wherever it is.</summary>
    private async ValueTask<EventRecord?> FindAsync(Run run, string id, CancellationToken cancellationToken)
    {
        EventRecord? row = await Rows().ReadAsync(Writer(), run.Table, id, cancellationToken).ConfigureAwait(false);
        if (row is not null)
        {
            return row;
        }

        if (Rows().Find(run.Table, id) is { } at && at.CompareTo(run.Begin) >= 0)
        {
            // The log still had it when the lake was looked into, and was trimmed since.
            await ReadAtRestAsync(run, [id], cancellationToken).ConfigureAwait(false);
        }

        return run.AtRest.GetValueOrDefault(id);
    }

    /// <summary>Reads from the lake, at once, the rows before those that were sent, where the log does not have
    /// them.</summary>
    private Task FindAtRestAsync(Run run, SentRow?[] sent, CancellationToken cancellationToken)
    {
        run.Begin = Writer().Begin;
        string[] ids =
        [
            .. sent.Select(static row => row?.Id).OfType<string>().Distinct(StringComparer.Ordinal)
                .Where(id => Rows().Find(run.Table, id) is not { } at || at.CompareTo(run.Begin) < 0),
        ];
        return ids.Length == 0 ? Task.CompletedTask : ReadAtRestAsync(run, ids, cancellationToken);
    }

    private async Task ReadAtRestAsync(Run run, string[] ids, CancellationToken cancellationToken)
    {
        using LakeSnapshot snapshot = await _lake.SnapshotAsync(null, cancellationToken).ConfigureAwait(false);
        LakeEventQuery query = new()
        {
            Table = run.Table,
            Where = [new LakeFilter(run.Entity, LakeComparison.In, ids)],
        };
        await Task.Run(
            () =>
            {
                foreach (EventRecord row in snapshot.ReadEvents([query], cancellationToken))
                {
                    run.AtRest[row.Entities.First(key => key.Entity == run.Entity).Id] = row;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private EntityRows Rows() => _rows ?? throw new InvalidOperationException("Call StartServingAsync first.");

    private static IEnumerable<JsonProperty> Merge(JsonElement before, JsonElement? sent)
    {
        if (sent is not { } patch)
        {
            return before.EnumerateObject();
        }

        return before.EnumerateObject().Where(column => !patch.TryGetProperty(column.Name, out _))
            .Concat(patch.EnumerateObject().Where(column => column.Value.ValueKind != JsonValueKind.Null));
    }

    /// <summary>Events on their way, each about another entity.</summary>
    private sealed record Run(string Entity, string Table, RowChange Change)
    {
        public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

        public List<ReadOnlyMemory<byte>> Events { get; } = [];

        public List<int> Indexes { get; } = [];

        /// <summary>Where the log began when the lake was looked into.</summary>
        public JournalPosition Begin { get; set; }

        /// <summary>Rows that the lake holds, by entity: the newest.</summary>
        public Dictionary<string, EventRecord> AtRest { get; } = new(StringComparer.Ordinal);

        public void Clear()
        {
            Ids.Clear();
            Events.Clear();
            Indexes.Clear();
        }
    }
}
