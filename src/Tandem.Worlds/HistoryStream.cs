using System.Globalization;
using Tandem.Events;
using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Plays days under the logging policy and gives their events in order of event time.</summary>
internal sealed class HistoryStream
{
    private readonly WorldOptions _options;
    private readonly Dice _dice;
    private readonly VideoShelf _shelf;
    private readonly Audience _audience;
    private readonly VisitCalendar _calendar;
    private readonly LoggingPolicy _policy;
    private readonly Behaviour _behaviour;
    private readonly EventWriter _writer;

    public HistoryStream(
        WorldOptions options, Dice dice, VideoShelf shelf, Audience audience, VisitCalendar calendar,
        LoggingPolicy policy, Behaviour behaviour, EventWriter writer)
    {
        _options = options;
        _dice = dice;
        _shelf = shelf;
        _audience = audience;
        _calendar = calendar;
        _policy = policy;
        _behaviour = behaviour;
        _writer = writer;
    }

    /// <summary>The events of the visits and rows of some days. Actions that end after the last midnight come
    /// too.</summary>
    public IEnumerable<EventRecord> Of(int firstDay, int dayCount)
    {
        // Rows and impressions happen now; actions wait here until the clock of the stream has reached them.
        PriorityQueue<EventRecord, (long Ticks, long Order)> pending = new();
        List<EventRecord> impressions = [];
        List<EventRecord> actions = [];
        long order = 0;
        for (int day = firstDay; day < firstDay + dayCount; day++)
        {
            LoggingPools pools = _policy.PoolsOf(day);
            foreach ((EventRecord? row, Visit visit) in Merged(day))
            {
                DateTimeOffset now = row?.EventTime ?? visit.Time;
                while (pending.TryPeek(out _, out (long Ticks, long Order) first) && first.Ticks <= now.Ticks)
                {
                    yield return pending.Dequeue();
                }

                if (row is not null)
                {
                    yield return row;
                    continue;
                }

                impressions.Clear();
                actions.Clear();
                Play(visit, pools, impressions, actions);
                foreach (EventRecord impression in impressions)
                {
                    yield return impression;
                }

                foreach (EventRecord action in actions)
                {
                    pending.Enqueue(action, (action.EventTime!.Value.Ticks, order++));
                }
            }
        }

        while (pending.TryDequeue(out EventRecord? last, out _))
        {
            yield return last;
        }
    }

    /// <summary>The rows of videos and viewers that become known on a day, in order of time; on day 0 also all that
    /// were there before.</summary>
    public IEnumerable<EventRecord> Rows(int day)
    {
        DateTimeOffset before = _options.Start.AddDays(day).AddTicks(-1);
        DateTimeOffset last = _options.Start.AddDays(day + 1).AddTicks(-1);
        int item = day == 0 ? 0 : _shelf.CountBy(before);
        int lastItem = _shelf.CountBy(last);
        int user = day == 0 ? 0 : _audience.CountBy(before);
        int lastUser = _audience.CountBy(last);
        while (item < lastItem || user < lastUser)
        {
            bool video = user >= lastUser || (item < lastItem && IsVideoNext(item, user));
            yield return video ? _writer.VideoRow(item++) : _writer.ViewerRow(user++);
        }
    }

    private bool IsVideoNext(int item, int user)
    {
        // What was there before the world begins comes at its start: videos, then viewers.
        return _shelf.Published[item] < _options.Start
            || (_audience.Signup[user] >= _options.Start && _shelf.Published[item] <= _audience.Signup[user]);
    }

    // Rows and visits of a day in order of time; a row where there is one, otherwise the visit.
    private IEnumerable<(EventRecord? Row, Visit Visit)> Merged(int day)
    {
        using IEnumerator<EventRecord> rows = Rows(day).GetEnumerator();
        bool hasRow = rows.MoveNext();
        foreach (Visit visit in _calendar.Of(day))
        {
            for (; hasRow && rows.Current.EventTime <= visit.Time; hasRow = rows.MoveNext())
            {
                yield return (rows.Current, default);
            }

            yield return (null, visit);
        }

        for (; hasRow; hasRow = rows.MoveNext())
        {
            yield return (rows.Current, default);
        }
    }

    private void Play(in Visit visit, LoggingPools pools, List<EventRecord> impressions, List<EventRecord> actions)
    {
        Span<int> shown = stackalloc int[LoggingPolicy.ListLength];
        Span<float> propensities = stackalloc float[LoggingPolicy.ListLength];
        string requestId = RequestId(visit);
        _policy.Fill(visit, pools, shown, propensities);
        byte[] data = EventWriter.ImpressionData(visit);
        SeededRandom delay = _dice.Roll(Draw.Delay, Behaviour.Key(visit), 1);
        DateTimeOffset known = Moments.AddSeconds(visit.Time, 0.02 + (0.3 * delay.NextDouble()));
        for (int k = 0; k < shown.Length; k++)
        {
            impressions.Add(_writer.Impression(visit, shown[k], requestId, k + 1, propensities[k], data, known));
        }

        _behaviour.React(visit, shown, requestId, actions);
    }

    private static string RequestId(in Visit visit)
    {
        return string.Create(CultureInfo.InvariantCulture, $"h{visit.Day}-{visit.Index}");
    }
}
