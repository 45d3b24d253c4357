using Tandem.Events;
using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Goes down a shown list as a user would: looks, skips or plays, likes, buys, and at some point
/// leaves.</summary>
internal sealed class Behaviour
{
    // Whether a user looks at the next place, by what the last one brought: a good video uses up their time.
    private const double OnAfterNothing = 0.97;
    private const double OnAfterPlay = 0.85;
    private const double OnAfterSatisfied = 0.4;

    private const double SkipShare = 0.3;
    private const double LeastPlaySeconds = 2;
    private const double BuyAfterSatisfied = 0.0035;
    private const double BuyAfterPlay = 0.0006;

    private static readonly byte[] NoColumns = "{}"u8.ToArray();

    private readonly Dice _dice;
    private readonly Categories _categories;
    private readonly VideoShelf _shelf;
    private readonly Truth _truth;
    private readonly EventWriter _writer;

    public Behaviour(Dice dice, Categories categories, VideoShelf shelf, Truth truth, EventWriter writer)
    {
        _dice = dice;
        _categories = categories;
        _shelf = shelf;
        _truth = truth;
        _writer = writer;
    }

    /// <summary>Adds the events that a shown list leads to, in the order they happen.</summary>
    /// <remarks>What a visit does with an examined item depends on the visit and the item alone, so two policies that
    /// show it get the same answer.</remarks>
    public void React(in Visit visit, ReadOnlySpan<int> shown, string requestId, List<EventRecord> events)
    {
        Span<float> taste = stackalloc float[Categories.Dimensions];
        Span<float> lift = stackalloc float[Categories.Count];
        _truth.Taste(visit.User, visit.Time, taste);
        _categories.Lift(visit.Time, lift);
        long key = Key(visit);
        SeededRandom attention = _dice.Roll(Draw.Attention, key);
        Reaction reaction = new(requestId, events, Buffered(key));
        double seconds = 0.5 + attention.NextDouble();
        for (int k = 0; k < shown.Length; k++)
        {
            (float play, float hold) = _truth.Outcome(taste, lift, shown[k], visit.Time);
            SeededRandom chance = _dice.Roll(Draw.Reaction, key, shown[k]);
            double goOn = OnAfterNothing;
            seconds += 0.4 + (0.9 * chance.NextDouble());
            if (chance.NextDouble() < play)
            {
                bool satisfied = Watch(visit, shown[k], k + 1, hold, ref seconds, ref chance, reaction);
                goOn = satisfied ? OnAfterSatisfied : OnAfterPlay;
            }
            else if (chance.NextDouble() < SkipShare)
            {
                double watched = 0.2 + (1.7 * chance.NextDouble());
                seconds += watched;
                reaction.Add("skip", _writer.Entities(visit.User, shown[k]), k + 1, visit.Time, seconds,
                    SkipData(watched));
            }

            if (attention.NextDouble() >= goOn)
            {
                return;
            }
        }
    }

    /// <summary>Number of a visit among all of the world.</summary>
    public static long Key(in Visit visit) => ((long)visit.Day << 32) + visit.Index;

    private bool Watch(
        in Visit visit, int item, int position, float hold, ref double seconds, ref SeededRandom chance,
        Reaction reaction)
    {
        double length = _shelf.Seconds[item];
        bool held = chance.NextDouble() < hold;
        double part = chance.NextDouble();
        double fraction = held ? 0.5 + (0.5 * Math.Sqrt(part)) : Math.Max(0.499 * part, LeastPlaySeconds / length);
        double liking = chance.NextDouble();
        bool liked = liking < (held ? Truth.LikeSatisfied : Truth.LikeUnsatisfied);
        EntityKey[] entities = _writer.Entities(visit.User, item);
        seconds += fraction * length;
        reaction.Add("play", entities, position, visit.Time, seconds, PlayData(fraction, fraction * length));
        if (liked)
        {
            seconds += 0.3 + chance.NextDouble();
            reaction.Add("like", entities, position, visit.Time, seconds, NoColumns);
        }

        if (chance.NextDouble() < (held ? BuyAfterSatisfied : BuyAfterPlay))
        {
            seconds += 5 + (60 * chance.NextDouble());
            double value = Math.Exp(2.7 + (0.6 * chance.NextGaussian()));
            reaction.Add("conversion", entities, position, visit.Time, seconds, ConversionData(value));
        }

        return held || liked;
    }

    // Phones send at once, but a few keep what happened for minutes and some of those for hours.
    private double Buffered(long key)
    {
        SeededRandom random = _dice.Roll(Draw.Delay, key);
        double late = random.NextDouble();
        double wait = -Math.Log(1 - random.NextDouble());
        return late switch
        {
            < 0.008 => 3 * 3600 * wait,
            < 0.04 => 15 * 60 * wait,
            _ => 0.3 + (2 * wait),
        };
    }

    private static byte[] PlayData(double fraction, double seconds)
    {
        JsonData data = new(stackalloc byte[96]);
        data.Number("watch_fraction"u8, fraction, 3);
        data.Number("watch_seconds"u8, seconds, 2);
        return data.ToArray();
    }

    private static byte[] SkipData(double seconds)
    {
        JsonData data = new(stackalloc byte[64]);
        data.Number("watch_seconds"u8, seconds, 2);
        return data.ToArray();
    }

    private static byte[] ConversionData(double value)
    {
        JsonData data = new(stackalloc byte[64]);
        data.Number("value"u8, value, 2);
        return data.ToArray();
    }

    private readonly record struct Reaction(string RequestId, List<EventRecord> Events, double DelaySeconds)
    {
        public void Add(
            string type, EntityKey[] entities, int position, DateTimeOffset opened, double seconds, byte[] data)
        {
            DateTimeOffset time = Moments.AddSeconds(opened, seconds);
            DateTimeOffset known = Moments.AddSeconds(time, DelaySeconds);
            Events.Add(EventWriter.Action(type, entities, RequestId, position, time, known, data));
        }
    }
}
