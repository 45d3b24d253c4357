using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Reads what was shown in the window of a run, and how likely each place of a list was looked at.</summary>
/// <remarks>A place that is acted on half as often as the best one counts as half looked at. That takes what stands in
/// different places for equally good: exact where chance fills the places; where a ranking does, what stands low is
/// discounted a little too much.</remarks>
internal sealed class ItemExposures
{
    private const int PlaceCount = 1001;   // places 1 to 1000; 0 is for impressions without one
    private const double UsualImpressions = 200;
    private const double LeastLook = 0.05;

    private readonly List<int> _items = [];
    private readonly List<float> _ages = [];
    private readonly List<int> _places = [];
    private readonly long[] _shown = new long[PlaceCount];
    private readonly long[] _acted = new long[PlaceCount];

    private ItemExposures()
    {
    }

    public static Exposures Read(
        LakeSnapshot snapshot, SystemSpec spec, string entity, EntityIndex items, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        LabelSpec label = spec.Objective.Label;
        if (label.Impression is not { } impression || !spec.Sources[impression].HasTimes)
        {
            return Exposures.None;
        }

        ItemExposures exposures = new();
        LakeQuery query = new()
        {
            Table = impression,
            From = spec.Training.Window is { } window ? now - window : null,
            To = now,
            KnownUntil = now,
        };
        exposures.ReadShown(snapshot, query, entity, items, now, cancellationToken);
        exposures.ReadActed(snapshot, query with { Table = label.Event }, cancellationToken);
        float[] looks = exposures.LooksByPlace();
        return new Exposures(
            [.. exposures._items], [.. exposures._ages], [.. exposures._places.Select(place => looks[place])]);
    }

    private void ReadShown(
        LakeSnapshot snapshot, LakeQuery query, string entity, EntityIndex items, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        long micros = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        using LakeReader reader = snapshot.Scan(
            query with
            {
                Columns = [entity, LakeEnvelope.EventTime, LakeEnvelope.Position],
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            ReadOnlySpan<long> times = reader.TimesMicros(1);
            for (int row = 0; row < reader.RowCount; row++)
            {
                int place = PlaceOf(reader, 2, row);
                _shown[place]++;
                int item = reader.IsNull(0, row) ? -1 : items.Find(reader.Utf8(0, row));
                if (item >= 0 && !reader.IsNull(1, row))
                {
                    _items.Add(item);
                    _ages.Add((float)((micros - times[row]) / TimeSpan.FromDays(1).TotalMicroseconds));
                    _places.Add(place);
                }
            }
        }
    }

    private void ReadActed(LakeSnapshot snapshot, LakeQuery query, CancellationToken cancellationToken)
    {
        using LakeReader reader = snapshot.Scan(query with { Columns = [LakeEnvelope.Position] }, cancellationToken);
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                _acted[PlaceOf(reader, 0, row)]++;
            }
        }
    }

    /// <summary>Rate of actions at each place over the highest of them, drawn towards the usual rate. What has no place
    /// was looked at.</summary>
    private float[] LooksByPlace()
    {
        double usual = _acted.Skip(1).Sum() / Math.Max(1.0, _shown.Skip(1).Sum());
        double[] rates = new double[PlaceCount];
        for (int place = 1; place < PlaceCount; place++)
        {
            rates[place] = _shown[place] == 0
                ? 0
                : (_acted[place] + (UsualImpressions * usual)) / (_shown[place] + UsualImpressions);
        }

        double best = rates.Max();
        return
        [
            .. rates.Select((rate, place) => place == 0 || best == 0
                ? 1f
                : (float)Math.Clamp(rate / best, LeastLook, 1)),
        ];
    }

    private static int PlaceOf(LakeReader reader, int column, int row)
    {
        if (reader.IsNull(column, row))
        {
            return 0;
        }

        long place = reader.Wholes(column)[row];
        return place is > 0 and < PlaceCount ? (int)place : 0;
    }
}
