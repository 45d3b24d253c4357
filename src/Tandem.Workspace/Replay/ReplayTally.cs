using System.Diagnostics;

namespace Tandem.Workspace.Replay;

/// <summary>Counts a replay. Thread safe.</summary>
internal sealed class ReplayTally
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<double> _milliseconds = [];
    private long _sent;
    private long _refused;
    private long _retries;
    private double _lag;
    private double _largestLag;
    private DateTimeOffset? _until;
    private TimeSpan _reported;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>A request is about to be sent.</summary>
    public void Begin(TimeSpan lag)
    {
        lock (_gate)
        {
            _lag = Math.Max(0, lag.TotalSeconds);
            _largestLag = Math.Max(_largestLag, _lag);
        }
    }

    /// <summary>The service was busy.</summary>
    public void Retry() => Interlocked.Increment(ref _retries);

    /// <summary>A request was answered.</summary>
    public void Add(int sent, int refused, DateTimeOffset until, TimeSpan took)
    {
        lock (_gate)
        {
            _sent += sent;
            _refused += refused;
            _until = _until > until ? _until : until;
            _milliseconds.Add(took.TotalMilliseconds);
        }
    }

    /// <summary>Whether somebody who watches should be told again.</summary>
    public bool IsReportDue()
    {
        lock (_gate)
        {
            bool isDue = Elapsed - _reported >= Pause;
            _reported = isDue ? Elapsed : _reported;
            return isDue;
        }
    }

    /// <summary>The numbers so far.</summary>
    public ReplayReport Report()
    {
        lock (_gate)
        {
            double seconds = _watch.Elapsed.TotalSeconds;
            double[] sorted = [.. _milliseconds.Order()];
            return new ReplayReport(
                _sent, _sent - _refused, _refused, sorted.Length, Interlocked.Read(ref _retries), seconds, _sent / seconds,
                _lag, _largestLag, Quantile(sorted, 0.5), Quantile(sorted, 0.99), _until);
        }
    }

    // The smallest value that at least this share does not exceed.
    private static double Quantile(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
