using System.Diagnostics;

namespace Tandem.Workspace;

/// <summary>Turns a growing count into a rate over the last seconds of real time.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Queue<(long Stamp, long Count)> _samples = new();

    /// <summary>Notes the count and gives its rate a second.</summary>
    public double PerSecond(long count)
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            _samples.Enqueue((now, count));
            while (_samples.Count > 2 && Stopwatch.GetElapsedTime(_samples.Peek().Stamp, now) > Window)
            {
                _samples.Dequeue();
            }

            (long stamp, long first) = _samples.Peek();
            double seconds = Stopwatch.GetElapsedTime(stamp, now).TotalSeconds;
            return seconds < 0.05 ? 0 : (count - first) / seconds;
        }
    }
}
