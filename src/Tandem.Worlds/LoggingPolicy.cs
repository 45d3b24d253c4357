using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Fills the lists of the history, before any model: each place at random, from what is popular, or from a
/// category that the user seems to like. Knows the probability of every choice.</summary>
internal sealed class LoggingPolicy
{
    /// <summary>Places in a list.</summary>
    public const int ListLength = 10;

    private const double RandomShare = 0.35;
    private const double PopularShare = 0.3;
    private const double ActiveDays = 14;
    private const float GuessNoise = 0.6f;
    private const double ProfileNoise = 0.35;
    private const double ProfileSharpness = 2.5;

    private readonly WorldOptions _options;
    private readonly Dice _dice;
    private readonly Categories _categories;
    private readonly VideoShelf _shelf;
    private readonly Audience _audience;
    private readonly Truth _truth;

    public LoggingPolicy(
        WorldOptions options, Dice dice, Categories categories, VideoShelf shelf, Audience audience, Truth truth)
    {
        _options = options;
        _dice = dice;
        _categories = categories;
        _shelf = shelf;
        _audience = audience;
        _truth = truth;
    }

    /// <summary>Draws up what the policy believes on the morning of a day, from yesterday's state of the
    /// world.</summary>
    public LoggingPools PoolsOf(int day)
    {
        DateTimeOffset morning = _options.Start.AddDays(day);
        DateTimeOffset seen = Yesterday(day);
        Span<float> lift = stackalloc float[Categories.Count];
        _categories.Lift(seen, lift);
        int first = Math.Min(_shelf.CountBy(morning.AddDays(-ActiveDays)), _shelf.CountBy(morning) - 1);
        int last = _shelf.CountBy(morning);
        int[] items = new int[last - first];
        float[] guesses = new float[items.Length];
        SeededRandom random = _dice.Roll(Draw.PolicyPool, day);
        for (int k = 0; k < items.Length; k++)
        {
            int item = items[k] = first + k;
            float guess = _shelf.Quality[item] + _truth.Freshness(item, morning) + lift[_shelf.Category[item]];
            guesses[k] = -(guess + (GuessNoise * (float)random.NextGaussian()));
        }

        Array.Sort(guesses, items);
        return new LoggingPools(first, items, _shelf.Category);
    }

    /// <summary>Fills a list for a visit.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="pools">The pools of its day.</param>
    /// <param name="shown">Receives item indices, all different.</param>
    /// <param name="propensities">Receives the probability of each choice, given the places above.</param>
    public void Fill(in Visit visit, LoggingPools pools, Span<int> shown, Span<float> propensities)
    {
        Span<double> categories = stackalloc double[Categories.Count];
        GuessProfile(visit, pools, categories);
        int active = Math.Max(1, _shelf.CountBy(visit.Time.AddMinutes(-1)) - pools.First);
        SeededRandom random = _dice.Roll(Draw.PolicySlots, Behaviour.Key(visit));
        double taken = 0;
        for (int k = 0; k < shown.Length; k++)
        {
            int item;
            do
            {
                double way = random.NextDouble();
                item = way < RandomShare ? pools.First + random.NextInt(active)
                    : way < RandomShare + PopularShare ? pools.DrawPopular(ref random)
                    : pools.DrawOf(DrawCategory(categories, ref random), ref random);
            }
            while (shown[..k].Contains(item));

            shown[k] = item;
            double chance = (RandomShare * (item < pools.First + active ? 1.0 / active : 0))
                + (PopularShare * pools.PopularChance(item))
                + ((1 - RandomShare - PopularShare) * categories[_shelf.Category[item]] * pools.ChanceInCategory(item));
            propensities[k] = (float)(chance / (1 - taken));
            taken += chance;
        }
    }

    // A blurred view of yesterday's liking; of somebody new, only what everybody likes.
    private void GuessProfile(in Visit visit, LoggingPools pools, Span<double> chances)
    {
        Span<float> liking = stackalloc float[Categories.Count];
        DateTimeOffset seen = Yesterday(visit.Day);
        bool isNew = _audience.Signup[visit.User] > visit.Time.AddDays(-1);
        if (isNew)
        {
            _categories.Lift(seen, liking);
        }
        else
        {
            _truth.Liking(visit.User, seen, liking);
        }

        SeededRandom random = _dice.Roll(Draw.PolicyProfile, visit.User);
        double sum = 0;
        for (int c = 0; c < chances.Length; c++)
        {
            double guess = liking[c] + (ProfileNoise * random.NextGaussian());
            chances[c] = pools.HasCategory(c) ? Math.Exp(ProfileSharpness * guess) : 0;
            sum += chances[c];
        }

        for (int c = 0; c < chances.Length; c++)
        {
            chances[c] /= sum;
        }
    }

    private DateTimeOffset Yesterday(int day) => _options.Start.AddDays(Math.Max(0, day - 1));

    private static int DrawCategory(ReadOnlySpan<double> chances, ref SeededRandom random)
    {
        double left = random.NextDouble();
        int last = 0;
        for (int c = 0; c < chances.Length; c++)
        {
            if (chances[c] > 0)
            {
                last = c;
                left -= chances[c];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }
}
