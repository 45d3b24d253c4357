using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Reads what was shown in the window of a run.</summary>
internal static class ItemExposures
{
    public static Exposures Read(
        LakeSnapshot snapshot, SystemSpec spec, string entity, EntityIndex items, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (spec.Objective.Label.Impression is not { } impression || !spec.Sources[impression].HasTimes)
        {
            return Exposures.None;
        }

        List<int> shown = [];
        List<float> ages = [];
        long micros = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        using LakeReader reader = snapshot.Scan(
            new LakeQuery
            {
                Table = impression,
                Columns = [entity, LakeEnvelope.EventTime],
                From = spec.Training.Window is { } window ? now - window : null,
                To = now,
                KnownUntil = now,
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            ReadOnlySpan<long> times = reader.TimesMicros(1);
            for (int row = 0; row < reader.RowCount; row++)
            {
                int item = reader.IsNull(0, row) ? -1 : items.Find(reader.Utf8(0, row));
                if (item >= 0 && !reader.IsNull(1, row))
                {
                    shown.Add(item);
                    ages.Add((float)((micros - times[row]) / TimeSpan.FromDays(1).TotalMicroseconds));
                }
            }
        }

        return new Exposures([.. shown], [.. ages]);
    }
}
