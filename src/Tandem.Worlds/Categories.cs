using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>The categories: where they lie in the space of tastes, how many videos each has, and how much everybody
/// likes each at a moment.</summary>
internal sealed class Categories
{
    public const int Count = 24;

    /// <summary>Dimensions of the space of tastes.</summary>
    public const int Dimensions = 24;

    // At a concept drift, big categories fade and smaller ones rise (log-odds at strength 1).
    private const float Fade = -2.6f;
    private const float Rise = 1.5f;
    private static readonly int[] Fading = [0, 1, 2, 4, 6];
    private static readonly int[] Rising = [7, 9, 11, 14, 17, 20];

    private readonly DateTimeOffset _start;
    private readonly DateTimeOffset _drift;
    private readonly float[] _appeal = new float[Count];
    private readonly float[] _shift = new float[Count];
    private readonly Wave[] _trends = new Wave[Count * 2];
    private readonly Wave[] _hours = new Wave[Count];
    private readonly double[] _cumulativeShare = new double[Count];

    public Categories(WorldOptions options, Dice dice)
    {
        _start = options.Start;
        _drift = options.ConceptDriftAt ?? DateTimeOffset.MaxValue;
        SeededRandom random = dice.Roll(Draw.Categories, 0);
        double total = 0;
        for (int c = 0; c < Count; c++)
        {
            Numbers.RandomDirection(ref random, Centres.AsSpan(c * Dimensions, Dimensions));
            _cumulativeShare[c] = total += Math.Pow(c + 3, -0.8);
            _appeal[c] = (float)((0.6 * (1 - (c / 11.5))) + (0.1 * random.NextGaussian()));
            _trends[2 * c] = new Wave(0.18, 16 + (8 * random.NextDouble()), random.NextDouble());
            _trends[(2 * c) + 1] = new Wave(0.12, 5 + (4 * random.NextDouble()), random.NextDouble());
            _hours[c] = new Wave(0.25 * random.NextDouble(), 1, random.NextDouble());
            MedianSeconds[c] = (float)(18 * Math.Exp(0.35 * random.NextGaussian()));
        }

        foreach (int c in Fading)
        {
            _shift[c] = Fade * (float)options.ConceptDriftStrength;
        }

        foreach (int c in Rising)
        {
            _shift[c] = Rise * (float)options.ConceptDriftStrength;
        }
    }

    /// <summary>Centres, shape (categories, dimensions), unit length.</summary>
    public float[] Centres { get; } = new float[Count * Dimensions];

    /// <summary>Median length of a category's videos in seconds.</summary>
    public float[] MedianSeconds { get; } = new float[Count];

    /// <summary>Draws a category in proportion to its number of videos.</summary>
    public int DrawOne(ref SeededRandom random) => Numbers.DrawIndex(_cumulativeShare, Count, random.NextDouble());

    /// <summary>Share of all videos that the category has.</summary>
    public double Share(int category)
    {
        double before = category == 0 ? 0 : _cumulativeShare[category - 1];
        return (_cumulativeShare[category] - before) / _cumulativeShare[^1];
    }

    /// <summary>Writes what everybody's liking of each category adds to the log-odds of a play: its standing appeal,
    /// its two slow waves of fashion, its hour of the day, and from the concept drift on its fall or rise.</summary>
    /// <param name="time">The moment.</param>
    /// <param name="lift">Receives one number a category.</param>
    public void Lift(DateTimeOffset time, Span<float> lift)
    {
        double days = (time - _start).TotalDays;
        bool drifted = time >= _drift;
        for (int c = 0; c < Count; c++)
        {
            double value = _appeal[c] + _trends[2 * c].At(days) + _trends[(2 * c) + 1].At(days) + _hours[c].At(days);
            lift[c] = (float)value + (drifted ? _shift[c] : 0);
        }
    }

    private readonly record struct Wave(double Height, double PeriodDays, double Phase)
    {
        public double At(double days) => Height * Math.Sin(Math.Tau * ((days / PeriodDays) + Phase));
    }
}
