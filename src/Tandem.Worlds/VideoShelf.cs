using System.Text;
using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Every video of the world's days, in order of publication, with what only the truth knows of it.</summary>
internal sealed class VideoShelf
{
    public const double LeastSeconds = 5;
    public const double MostSeconds = 240;

    private const double MeanAgeAtStartDays = 9;
    private const double MostAgeAtStartDays = 60;
    private const double ShorterAfterDrift = 0.45;

    private readonly Categories _categories;
    private readonly Dice _dice;

    public VideoShelf(WorldOptions options, Categories categories, Dice dice)
    {
        _categories = categories;
        _dice = dice;
        double share = options.NewItemShare;
        CountAtStart = Math.Max(1, options.Scaled(options.ItemCount / (1 + (share * options.HistoryDays))));
        double perDay = share * CountAtStart;
        Count = CountAtStart + (int)(perDay * options.HorizonDays);
        Published = new DateTimeOffset[Count];
        Category = new byte[Count];
        SecondCategory = new byte[Count];
        Vectors = new float[Count * Categories.Dimensions];
        Quality = new float[Count];
        Bait = new float[Count];
        Seconds = new float[Count];
        Ids = new string[Count];
        FillPublished(options, perDay);
        DateTimeOffset drift = options.DataDriftAt ?? DateTimeOffset.MaxValue;
        for (int item = 0; item < Count; item++)
        {
            Fill(item, Published[item] >= drift);
        }
    }

    public int Count { get; }

    /// <summary>How many there are when day 0 begins.</summary>
    public int CountAtStart { get; }

    /// <summary>When each was published, ascending.</summary>
    public DateTimeOffset[] Published { get; }

    public byte[] Category { get; }

    /// <summary>The category that a video leans to beside its own; its own where there is none.</summary>
    public byte[] SecondCategory { get; }

    /// <summary>Places in the space of tastes, shape (videos, dimensions), unit length.</summary>
    public float[] Vectors { get; }

    /// <summary>How good each is, for everybody alike; about −1.3 to 1.3.</summary>
    public float[] Quality { get; }

    /// <summary>How much more each promises than it holds; about −1 to 1.</summary>
    public float[] Bait { get; }

    public float[] Seconds { get; }

    public string[] Ids { get; }

    /// <summary>How many were published before or at a time: the videos 0 to that number.</summary>
    public int CountBy(DateTimeOffset time)
    {
        int index = Array.BinarySearch(Published, time);
        index = index < 0 ? ~index : index + 1;
        while (index < Count && Published[index] == time)
        {
            index++;
        }

        return index;
    }

    /// <summary>The words of a video's title, drawn from its categories.</summary>
    public string Title(int item)
    {
        SeededRandom random = _dice.Roll(Draw.Pictures, item, 1);
        StringBuilder title = new();
        int count = 4 + random.NextInt(3);
        for (int k = 0; k < count; k++)
        {
            double kind = random.NextDouble();
            string[] words = kind < 0.5 ? CategoryWords.OfCategory[Category[item]]
                : kind < 0.65 ? CategoryWords.OfCategory[SecondCategory[item]]
                : kind < 0.75 && Bait[item] > 0.4 ? CategoryWords.Loud
                : CategoryWords.Anywhere;
            title.Append(k == 0 ? "" : " ").Append(words[random.NextInt(words.Length)]);
        }

        return title.ToString();
    }

    private void FillPublished(WorldOptions options, double perDay)
    {
        SeededRandom random = _dice.Roll(Draw.Items, -1);
        for (int item = 0; item < CountAtStart; item++)
        {
            double age = -MeanAgeAtStartDays * Math.Log(1 - random.NextDouble());
            Published[item] = Moments.Add(options.Start, -Math.Min(age, MostAgeAtStartDays) - 0.001);
        }

        Array.Sort(Published, 0, CountAtStart);
        for (int item = CountAtStart; item < Count; item++)
        {
            // One in each slice of the day, so that every day has its number.
            double days = (item - CountAtStart + random.NextDouble()) / perDay;
            Published[item] = Moments.Add(options.Start, days);
        }
    }

    private void Fill(int item, bool drifted)
    {
        SeededRandom random = _dice.Roll(Draw.Items, item);
        int own = _categories.DrawOne(ref random);
        int second = random.NextDouble() < 0.25 ? _categories.DrawOne(ref random) : own;
        Span<float> vector = Vectors.AsSpan(item * Categories.Dimensions, Categories.Dimensions);
        Numbers.RandomDirection(ref random, vector);
        Kernel.Scale(0.6f, vector);

        Kernel.AddScaled(1, _categories.Centres.AsSpan(own * vector.Length, vector.Length), vector);
        if (second != own)
        {
            Kernel.AddScaled(0.5f, _categories.Centres.AsSpan(second * vector.Length, vector.Length), vector);
        }

        Numbers.Normalise(vector);
        Ids[item] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{item}");
        Category[item] = (byte)own;
        SecondCategory[item] = (byte)second;
        Quality[item] = (float)Math.Clamp(0.55 * random.NextGaussian(), -1.3, 1.3);
        Bait[item] = (float)Math.Clamp(0.4 * random.NextGaussian(), -1, 1);
        double seconds = _categories.MedianSeconds[own] * Math.Exp(0.6 * random.NextGaussian());
        seconds = Math.Clamp(drifted ? seconds * ShorterAfterDrift : seconds, LeastSeconds, MostSeconds);
        Seconds[item] = (float)Math.Round(seconds, 1);
    }
}
