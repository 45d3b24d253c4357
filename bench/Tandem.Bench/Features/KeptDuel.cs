using System.Diagnostics;
using Tandem.Features;

namespace Tandem.Bench.Features;

/// <summary>Entities that are read more often than something happens to them, as candidates are: reads that may find
/// numbers kept, against reads of the same entities that compute them.</summary>
internal static class KeptDuel
{
    private const int Entities = 2_000;
    private const int EventsEach = 50;
    private const int Rows = 200;
    private const int Features = 50;

    /// <summary>Runs it.</summary>
    /// <param name="options">Rounds and seconds.</param>
    /// <param name="readsPerEvent">How often an entity is read for each event of it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<Figure> RunAsync(BenchOptions options, int readsPerEvent, CancellationToken cancellationToken)
    {
        using FeatureStore store = new(FeatureSystem.Views);
        FeatureReader reader = store.Reader(FeatureSystem.Choose(Features));
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        long number = 0;
        for (; number < (long)Entities * EventsEach; number++)
        {
            store.Apply(
                FeatureSystem.Make(number, (int)(number % Entities), start - FeatureSystem.Age(number)), store.AppliedUntil);
        }

        string[] ids = [.. Enumerable.Range(0, Entities).Select(FeatureSystem.User)];
        float[] values = new float[Rows * Features];
        long later = 0;
        long turn = 0;
        Figure duel = await Duel.RunAsync(
            options.Rounds, () => Task.FromResult(Measure(forward: true)), () => Task.FromResult(Measure(forward: false)),
            cancellationToken);
        return duel with
        {
            Name = $"{Rows} × {Features} features, {readsPerEvent} reads an event",
            Unit = "answers/s",
            Peer = "the same as of earlier and earlier moments, which are computed",
        };

        // Milliseconds pass between answers; for the peer they pass backwards, so that nothing kept is of use.
        double Measure(bool forward)
        {
            long answers = 0;
            long ticks = 0;
            DateTimeOffset now = start.AddMinutes(1).AddMilliseconds(later);
            var watch = Stopwatch.StartNew();
            for (; watch.Elapsed.TotalSeconds < options.Seconds; answers++)
            {
                for (int i = 0; i < Rows / readsPerEvent; i++, number++)
                {
                    store.Apply(
                        FeatureSystem.Make(number, (int)(number * 7_919 % Entities), start.AddSeconds(30)),
                        store.AppliedUntil);
                }

                int first = (int)(turn++ * Rows % Entities);
                now = now.AddMicroseconds(forward ? 1 : -1);
                long begun = Stopwatch.GetTimestamp();
                reader.Read("user", ids.AsSpan(first, Rows), now, values);
                ticks += Stopwatch.GetTimestamp() - begun;
            }

            later += 1_000;
            return answers / Stopwatch.GetElapsedTime(0, ticks).TotalSeconds;
        }
    }
}
