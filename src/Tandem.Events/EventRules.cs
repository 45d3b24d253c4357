using System.Buffers;

namespace Tandem.Events;

/// <summary>What an event's fields may hold. The same rules guard the door (reading) and the log (writing).</summary>
internal static class EventRules
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Throws EVT002 or EVT003 unless every field is allowed; the raw JSON is checked elsewhere.</summary>
    public static void Validate(EventRecord record)
    {
        DemandText("id", record.Id, EventLimits.MaxIdLength);
        DemandName("type", record.Type);
        DemandName("tenant", record.Tenant);
        DemandEntities(record.Entities);
        if (record.RequestId is not null)
        {
            DemandText("request", record.RequestId, EventLimits.MaxIdLength);
        }

        if (record.ModelVersion is not null)
        {
            DemandText("model", record.ModelVersion, EventLimits.MaxIdLength);
        }

        if (record.Position is < 1)
        {
            throw EventErrors.FieldNotAllowed("position", $"{record.Position} is below 1");
        }

        if (record.Propensity is not (null or (> 0 and <= 1)))
        {
            throw EventErrors.FieldNotAllowed("propensity", $"{record.Propensity} is not in (0, 1]");
        }
    }

    private static void DemandEntities(IReadOnlyList<EntityKey> entities)
    {
        if (entities.Count > EventLimits.MaxEntityCount)
        {
            throw EventErrors.TooLarge("The number of entities", entities.Count, EventLimits.MaxEntityCount);
        }

        for (int i = 0; i < entities.Count; i++)
        {
            DemandName("entities", entities[i].Entity);
            DemandText("entities", entities[i].Id, EventLimits.MaxEntityIdLength);
            for (int j = 0; j < i; j++)
            {
                if (string.Equals(entities[i].Entity, entities[j].Entity, StringComparison.Ordinal))
                {
                    throw EventErrors.FieldNotAllowed("entities", $"'{entities[i].Entity}' is named twice");
                }
            }
        }
    }

    private static void DemandName(string field, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw EventErrors.FieldNotAllowed(field, "a name is missing");
        }

        if (name.Length > EventLimits.MaxNameLength)
        {
            throw EventErrors.TooLarge($"A name in '{field}'", name.Length, EventLimits.MaxNameLength);
        }

        if (name.AsSpan().ContainsAnyExcept(NameCharacters) || name[0] == '-')
        {
            throw EventErrors.FieldNotAllowed(
                field, "names are ASCII letters, digits, '_' and '-', not beginning with '-'");
        }
    }

    private static void DemandText(string field, string? text, int limit)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw EventErrors.FieldNotAllowed(field, "it is missing or empty");
        }

        if (text.Length > limit)
        {
            throw EventErrors.TooLarge($"'{field}'", text.Length, limit);
        }

        // Plain ASCII, nearly always: one vector pass says so.
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            DemandPrintable(field, text);
        }
    }

    private static void DemandPrintable(string field, string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                throw EventErrors.FieldNotAllowed(field, $"it has the control character U+{(int)text[i]:X4}");
            }

            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])))
            {
                throw EventErrors.FieldNotAllowed(field, "it has half a surrogate pair, which is not a character");
            }

            if (char.IsHighSurrogate(text[i]))
            {
                i++;
            }
        }
    }
}
