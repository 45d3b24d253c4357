using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Where in the raw log the newest row of each entity stands that came since the start: some bytes an entity,
/// whatever its row holds. Older rows are found in the lake.</summary>
/// <remarks>One writer at a time, in the order of the log; any number of readers.</remarks>
internal sealed class EntityRows
{
    private readonly Dictionary<string, Table> _tables;

    public EntityRows(SystemSpec spec)
    {
        _tables = spec.Entities
            .Where(static entity => entity.Value.Table is not null)
            .ToDictionary(
                static entity => entity.Value.Table!, static entity => new Table(entity.Key), StringComparer.Ordinal);
    }

    /// <summary>Notes the rows of a batch.</summary>
    public void Apply(JournalBatch batch)
    {
        foreach (EventRecord record in batch.Events)
        {
            if (_tables.TryGetValue(record.Type, out Table? table) && table.IdOf(record) is { } id)
            {
                table.Set(id, batch.Start);
            }
        }
    }

    /// <summary>Where the newest row of an entity stands; null where none came since the start.</summary>
    public JournalPosition? Find(string tableName, string id) => _tables[tableName].Find(id);

    /// <summary>Reads the newest row of an entity from the log; null where it is not there, or not any more.</summary>
    public async ValueTask<EventRecord?> ReadAsync(
        IJournal journal, string tableName, string id, CancellationToken cancellationToken)
    {
        Table table = _tables[tableName];
        if (table.Find(id) is not { } start)
        {
            return null;
        }

        try
        {
            await foreach (JournalBatch batch in journal.ReadAsync(start, follow: false, cancellationToken)
                .ConfigureAwait(false))
            {
                return batch.Events.LastOrDefault(record => record.Type == tableName && table.IdOf(record) == id);
            }
        }
        catch (TandemException e) when (e.Fault.Kind == FaultKind.NotFound)
        {
            // Removed: what is removed from the log is in the lake.
        }

        return null;
    }

    private sealed class Table(string entity)
    {
        private readonly Lock _gate = new();
        private readonly EntityIndex _ids = new();
        private readonly List<JournalPosition> _starts = [];

        public string? IdOf(EventRecord record)
        {
            IReadOnlyList<EntityKey> keys = record.Entities;
            for (int i = 0; i < keys.Count; i++)
            {
                if (keys[i].Entity == entity)
                {
                    return keys[i].Id;
                }
            }

            return null;
        }

        public void Set(string id, JournalPosition start)
        {
            lock (_gate)
            {
                int index = _ids.FindOrAdd(id);
                if (index == _starts.Count)
                {
                    _starts.Add(start);
                }
                else
                {
                    _starts[index] = start;
                }
            }
        }

        public JournalPosition? Find(string id)
        {
            lock (_gate)
            {
                int index = _ids.Find(id);
                return index < 0 ? null : _starts[index];
            }
        }
    }
}
