using Tandem.Features;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Groups the items by the text column that their entity names, as known at one moment: the newest row of an
/// item counts.</summary>
internal static class ItemGroups
{
    /// <summary>Group number of each item; items without a value share one group of their own. Empty where nothing groups
    /// them.</summary>
    public static int[] Read(
        LakeSnapshot snapshot, SystemSpec spec, string entity, EntityIndex items, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (!spec.Entities.TryGetValue(entity, out EntitySpec? declared)
            || declared is not { Table: { } table, Group: { } column })
        {
            return [];
        }

        int[] groups = new int[items.Count];
        EntityIndex values = new();
        using LakeReader reader = snapshot.Scan(
            new LakeQuery
            {
                Table = table,
                Columns = [entity, column],
                KnownUntil = now,
                OrderBy = [LakeEnvelope.EventTime, LakeEnvelope.KnownTime, LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                int item = reader.IsNull(0, row) ? -1 : items.Find(reader.Utf8(0, row));
                if (item >= 0 && !reader.IsNull(1, row))
                {
                    groups[item] = 1 + values.FindOrAdd(reader.Utf8(1, row));
                }
            }
        }

        return Dense(groups);
    }

    /// <summary>Numbers the groups that occur from 0, in the order of their first item.</summary>
    private static int[] Dense(int[] groups)
    {
        Dictionary<int, int> numbers = [];
        for (int item = 0; item < groups.Length; item++)
        {
            numbers.TryAdd(groups[item], numbers.Count);
            groups[item] = numbers[groups[item]];
        }

        return groups;
    }
}
