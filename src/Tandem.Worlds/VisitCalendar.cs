using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Who opens the feed when.</summary>
internal sealed class VisitCalendar
{
    // Visits by hour of the day, UTC, in proportion: low before dawn, high in the evening.
    private static readonly double[] Hours =
    [
        2.2, 1.4, 0.9, 0.6, 0.5, 0.7, 1.4, 2.6, 3.6, 3.8, 3.9, 4.2, 5.2, 5.0, 4.3, 4.2, 4.6, 5.6, 6.8, 8.0, 9.0, 8.6,
        6.6, 4.2,
    ];

    // By weekday from Sunday: a quieter week, a busier weekend.
    private static readonly double[] Weekdays = [1.07, 0.97, 0.96, 0.97, 0.98, 1.00, 1.05];

    private static readonly double[] CumulativeHours = RunningSums(Hours);

    private readonly WorldOptions _options;
    private readonly Audience _audience;
    private readonly Dice _dice;

    public VisitCalendar(WorldOptions options, Audience audience, Dice dice)
    {
        _options = options;
        _audience = audience;
        _dice = dice;
    }

    /// <summary>The visits of a day in time order. Who joins that day visits within the minute.</summary>
    public Visit[] Of(int day)
    {
        DateTimeOffset start = _options.Start.AddDays(day);
        int firstNew = _audience.CountBy(start.AddTicks(-1));
        int newUsers = _audience.CountBy(start.AddDays(1).AddTicks(-1)) - firstNew;
        double pace = Weekdays[(int)start.DayOfWeek];
        int count = Math.Max(_options.Scaled(_options.VisitsPerDay * pace), newUsers);
        var opened = new (DateTimeOffset Time, int User)[count];
        SeededRandom random = _dice.Roll(Draw.Visits, day);
        for (int k = 0; k < count; k++)
        {
            opened[k] = k < newUsers
                ? (FirstVisit(_audience.Signup[firstNew + k], start, ref random), firstNew + k)
                : DrawOne(start, ref random);
        }

        Array.Sort(opened);
        var visits = new Visit[count];
        for (int k = 0; k < count; k++)
        {
            (DateTimeOffset time, int user) = opened[k];
            visits[k] = new Visit(day, k, time, user, _audience.DrawDevice(user, time, ref random));
        }

        return visits;
    }

    private (DateTimeOffset Time, int User) DrawOne(DateTimeOffset start, ref SeededRandom random)
    {
        int hour = Numbers.DrawIndex(CumulativeHours, CumulativeHours.Length, random.NextDouble());
        DateTimeOffset time = Moments.Add(start, (hour + random.NextDouble()) / 24);
        return (time, _audience.DrawVisitor(time, ref random));
    }

    private static DateTimeOffset FirstVisit(DateTimeOffset signup, DateTimeOffset start, ref SeededRandom random)
    {
        DateTimeOffset time = Moments.AddSeconds(signup, 5 + (50 * random.NextDouble()));
        DateTimeOffset last = start.AddDays(1).AddMicroseconds(-1);
        return time < last ? time : last;
    }

    private static double[] RunningSums(double[] weights)
    {
        double[] sums = new double[weights.Length];
        double total = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = total += weights[i];
        }

        return sums;
    }
}
