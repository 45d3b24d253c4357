using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Holds an event to what its source declares: entities, times, and columns.</summary>
internal sealed class EventCheck(SystemSpec spec, TimeProvider clock)
{
    private readonly Dictionary<string, (SourceSpec Spec, ColumnCheck Columns)> _sources = spec.Sources.ToDictionary(
        source => source.Key, source => (source.Value, new ColumnCheck(source.Key, source.Value)),
        StringComparer.Ordinal);

    /// <summary>Finds what is wrong with an event, or returns null.</summary>
    public Fault? Find(EventRecord record)
    {
        if (!_sources.TryGetValue(record.Type, out (SourceSpec Spec, ColumnCheck Columns) source))
        {
            return WorkspaceErrors.UnknownType(record.Type, spec.Sources.Keys);
        }

        IReadOnlyList<string> entities = source.Spec.Entities;
        for (int i = 0; i < entities.Count; i++)
        {
            if (!Names(record.Entities, entities[i]))
            {
                return WorkspaceErrors.MissingEntity(record.Type, entities[i]);
            }
        }

        if (record.EventTime is { } time)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (time > now + source.Spec.ClockSkew)
            {
                return WorkspaceErrors.FutureEvent(time, now, source.Spec.ClockSkew);
            }
        }

        return source.Columns.Find(record.Data.Span);
    }

    private static bool Names(IReadOnlyList<EntityKey> keys, string entity)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].Entity == entity)
            {
                return true;
            }
        }

        return false;
    }
}
