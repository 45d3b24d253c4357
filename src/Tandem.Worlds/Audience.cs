using System.Globalization;
using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Every user of the world's days, in order of signup, with what only the truth knows of them.</summary>
internal sealed class Audience
{
    public static readonly string[] Countries = ["us", "br", "in", "de", "id", "mx", "jp", "fr"];

    public static readonly string[] Devices = ["android", "ios", "web", "tv"];

    // Running sums of the shares, before and after a data drift.
    private static readonly double[] CountryMix = [0.30, 0.45, 0.58, 0.70, 0.79, 0.87, 0.94, 1];
    private static readonly double[] CountryMixAfter = [0.10, 0.20, 0.55, 0.58, 0.88, 0.94, 0.97, 1];
    private static readonly double[] CountryPaceAfter = [0.4, 0.6, 3.0, 0.4, 4.0, 0.9, 0.5, 0.5];
    private static readonly double[] DeviceMix = [0.48, 0.84, 0.96, 1];
    private static readonly double[] DeviceMixAfter = [0.62, 0.72, 0.77, 1];

    private readonly Dice _dice;
    private readonly Categories _categories;
    private readonly DateTimeOffset _dataDrift;
    private readonly double[] _cumulativeActivity;
    private readonly double[] _cumulativeActivityAfter;

    public Audience(WorldOptions options, Categories categories, Dice dice)
    {
        _dice = dice;
        _categories = categories;
        _dataDrift = options.DataDriftAt ?? DateTimeOffset.MaxValue;
        int atEnd = options.Scaled(options.UserCount);
        double perDay = options.ColdUserShare * atEnd / options.HistoryDays;
        CountAtStart = Math.Max(1, atEnd - (int)Math.Round(perDay * options.HistoryDays));
        Count = CountAtStart + (int)(perDay * options.HorizonDays);
        Signup = new DateTimeOffset[Count];
        Country = new byte[Count];
        Profiles = new float[Count * Categories.Count];
        Fine = new float[Count * Categories.Dimensions];
        Ids = new string[Count];
        _cumulativeActivity = new double[Count];
        _cumulativeActivityAfter = new double[Count];
        FillSignup(options, perDay);
        Fill();
    }

    public int Count { get; }

    /// <summary>How many there are when day 0 begins.</summary>
    public int CountAtStart { get; }

    /// <summary>When each joined, ascending.</summary>
    public DateTimeOffset[] Signup { get; }

    public byte[] Country { get; }

    /// <summary>Liking of each category at the start, shape (users, categories): near 1 for the few a user loves, a
    /// little below 0 for the rest.</summary>
    public float[] Profiles { get; }

    /// <summary>What a user likes beyond categories, shape (users, dimensions).</summary>
    public float[] Fine { get; }

    public string[] Ids { get; }

    /// <summary>How many had joined before or at a time: the users 0 to that number.</summary>
    public int CountBy(DateTimeOffset time)
    {
        int index = Array.BinarySearch(Signup, time);
        index = index < 0 ? ~index : index + 1;
        while (index < Count && Signup[index] == time)
        {
            index++;
        }

        return index;
    }

    /// <summary>Draws who visits at a time: those who joined by then, in proportion to their activity.</summary>
    public int DrawVisitor(DateTimeOffset time, ref SeededRandom random)
    {
        double[] weights = time >= _dataDrift ? _cumulativeActivityAfter : _cumulativeActivity;
        return Numbers.DrawIndex(weights, Math.Max(1, CountBy(time)), random.NextDouble());
    }

    /// <summary>Draws what a user holds on a visit: mostly their own device.</summary>
    public string DrawDevice(int user, DateTimeOffset time, ref SeededRandom random)
    {
        SeededRandom own = _dice.Roll(Draw.Device, user);
        double habit = own.NextDouble();
        double change = random.NextDouble();
        double other = random.NextDouble();
        bool drifted = time >= _dataDrift;
        double[] mix = drifted ? DeviceMixAfter : DeviceMix;
        bool keeps = change < (drifted ? 0.4 : 0.85);
        return Devices[Numbers.DrawIndex(keeps ? DeviceMix : mix, mix.Length, keeps ? habit : other)];
    }

    private void FillSignup(WorldOptions options, double perDay)
    {
        SeededRandom random = _dice.Roll(Draw.Users, -1);
        for (int user = 0; user < CountAtStart; user++)
        {
            Signup[user] = Moments.Add(options.Start, -0.001 - (400 * Math.Pow(random.NextDouble(), 1.5)));
        }

        Array.Sort(Signup, 0, CountAtStart);
        for (int user = CountAtStart; user < Count; user++)
        {
            double days = (user - CountAtStart + random.NextDouble()) / perDay;
            Signup[user] = Moments.Add(options.Start, days);
        }
    }

    private void Fill()
    {
        double[] fondness = CountryFondness();
        double total = 0;
        double totalAfter = 0;
        for (int user = 0; user < Count; user++)
        {
            SeededRandom random = _dice.Roll(Draw.Users, user);
            double[] mix = Signup[user] >= _dataDrift ? CountryMixAfter : CountryMix;
            int country = Numbers.DrawIndex(mix, mix.Length, random.NextDouble());
            Country[user] = (byte)country;
            Ids[user] = string.Create(CultureInfo.InvariantCulture, $"u{user}");

            // Pareto with exponent 1.4, cut where one user would be a crowd.
            double activity = Math.Min(Math.Pow(1 - random.NextDouble(), -1 / 1.4), 60);
            _cumulativeActivity[user] = total += activity;
            _cumulativeActivityAfter[user] = totalAfter += activity * CountryPaceAfter[country];
            FillTaste(user, fondness.AsSpan(country * Categories.Count, Categories.Count), ref random);
        }
    }

    private void FillTaste(int user, ReadOnlySpan<double> fondness, ref SeededRandom random)
    {
        Span<float> profile = Profiles.AsSpan(user * Categories.Count, Categories.Count);
        for (int c = 0; c < profile.Length; c++)
        {
            profile[c] = (float)(-0.15 + (0.12 * random.NextGaussian()));
        }

        double[] cumulative = new double[Categories.Count];
        int loved = 2 + random.NextInt(3);
        for (int k = 0; k < loved; k++)
        {
            double sum = 0;
            for (int c = 0; c < cumulative.Length; c++)
            {
                cumulative[c] = sum += fondness[c];
            }

            int category = Numbers.DrawIndex(cumulative, cumulative.Length, random.NextDouble());
            profile[category] = (float)((1.05 - (0.17 * k)) * (0.85 + (0.3 * random.NextDouble())));
        }

        Span<float> fine = Fine.AsSpan(user * Categories.Dimensions, Categories.Dimensions);
        Numbers.RandomDirection(ref random, fine);
        Kernel.Scale(0.7f, fine);
    }

    // How likely a country's people love each category, shape (countries, categories).
    private double[] CountryFondness()
    {
        double[] fondness = new double[Countries.Length * Categories.Count];
        for (int country = 0; country < Countries.Length; country++)
        {
            SeededRandom random = _dice.Roll(Draw.Users, -2, country);
            for (int c = 0; c < Categories.Count; c++)
            {
                double share = Math.Pow(_categories.Share(c), 0.8);
                fondness[(country * Categories.Count) + c] = share * Math.Exp(0.6 * random.NextGaussian());
            }
        }

        return fondness;
    }
}
