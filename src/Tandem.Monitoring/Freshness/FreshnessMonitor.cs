using System.Globalization;
using Tandem.Monitoring.Alerts;

namespace Tandem.Monitoring.Freshness;

/// <summary>Notices when events stop arriving.</summary>
/// <remarks>Not thread safe.</remarks>
public sealed class FreshnessMonitor
{
    private readonly string _where;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private DateTimeOffset _last;
    private bool _isSilent;

    /// <summary>Starts watching; the moment of the start counts as an arrival.</summary>
    /// <param name="where">What is watched: the name of a source or of the log.</param>
    /// <param name="limit">Longest time without an event, above zero.</param>
    /// <param name="clock">Tells how long nothing arrived.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not above zero.</exception>
    public FreshnessMonitor(string where, TimeSpan limit, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(where);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(clock);
        _where = where;
        _limit = limit;
        _clock = clock;
        _last = clock.GetUtcNow();
    }

    /// <summary>Notes that an event arrived.</summary>
    /// <param name="knownTime">When it became known, UTC; older ones than the newest change nothing.</param>
    public void Arrived(DateTimeOffset knownTime)
    {
        if (knownTime > _last)
        {
            _last = knownTime;
            _isSilent = false;
        }
    }

    /// <summary>Looks at the clock.</summary>
    /// <returns>An alert where nothing has arrived for longer than the limit, once for each silence; else
    /// null.</returns>
    public Alert? Check()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        TimeSpan silence = now - _last;
        if (_isSilent || silence <= _limit)
        {
            return null;
        }

        _isSilent = true;
        return new Alert
        {
            Kind = AlertKind.Silence,
            Severity = AlertSeverity.Critical,
            What = string.Create(
                CultureInfo.InvariantCulture,
                $"No event of {_where} arrived since {_last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, longer than " +
                $"{_limit:c}."),
            Where = _where,
            Time = now,
            Key = string.Create(CultureInfo.InvariantCulture, $"silence:{_where}:{_last.UtcTicks}"),
            Evidence = new AlertEvidence
            {
                Measure = "seconds without an event",
                Effect = silence.TotalSeconds,
                Rows = 0,
            },
        };
    }
}
