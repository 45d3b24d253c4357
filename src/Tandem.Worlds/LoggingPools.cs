using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>What the logging policy chooses from on one day.</summary>
internal sealed class LoggingPools
{
    private const double PopularPart = 0.03;
    private const double CategoryPart = 0.4;
    private const int LeastPopular = 20;

    private readonly int[] _ranked;
    private readonly int[] _rank;
    private readonly double[] _cumulative;
    private readonly int[][] _ofCategory = new int[Categories.Count][];
    private readonly bool[] _inCategoryPool;
    private readonly byte[] _categories;

    /// <summary>Makes the pools of a day.</summary>
    /// <param name="first">The oldest active item; the active ones are those from it on.</param>
    /// <param name="ranked">The active items of the morning, most promising first.</param>
    /// <param name="categories">Category of every item.</param>
    public LoggingPools(int first, int[] ranked, byte[] categories)
    {
        First = first;
        _ranked = ranked;
        _categories = categories;
        _rank = new int[ranked.Length];
        _inCategoryPool = new bool[ranked.Length];
        _cumulative = new double[Math.Min(ranked.Length, Math.Max(LeastPopular, (int)(PopularPart * ranked.Length)))];
        double total = 0;
        var members = new List<int>[Categories.Count];
        for (int c = 0; c < members.Length; c++)
        {
            members[c] = [];
        }

        for (int k = 0; k < ranked.Length; k++)
        {
            _rank[ranked[k] - first] = k;
            members[categories[ranked[k]]].Add(ranked[k]);
            if (k < _cumulative.Length)
            {
                _cumulative[k] = total += 1.0 / (k + 12);
            }
        }

        for (int c = 0; c < members.Length; c++)
        {
            int count = (int)Math.Ceiling(CategoryPart * members[c].Count);
            _ofCategory[c] = [.. members[c][..count]];
            foreach (int item in _ofCategory[c])
            {
                _inCategoryPool[item - first] = true;
            }
        }
    }

    /// <summary>The oldest active item.</summary>
    public int First { get; }

    public bool HasCategory(int category) => _ofCategory[category].Length > 0;

    public int DrawPopular(ref SeededRandom random)
    {
        return _ranked[Numbers.DrawIndex(_cumulative, _cumulative.Length, random.NextDouble())];
    }

    public int DrawOf(int category, ref SeededRandom random)
    {
        int[] pool = _ofCategory[category];
        return pool[random.NextInt(pool.Length)];
    }

    /// <summary>Probability that <see cref="DrawPopular"/> gives the item.</summary>
    public double PopularChance(int item)
    {
        int k = item - First < _rank.Length ? _rank[item - First] : int.MaxValue;
        return k < _cumulative.Length ? (_cumulative[k] - (k == 0 ? 0 : _cumulative[k - 1])) / _cumulative[^1] : 0;
    }

    /// <summary>Probability that <see cref="DrawOf"/> gives the item when asked for its category.</summary>
    public double ChanceInCategory(int item)
    {
        bool pooled = item - First < _rank.Length && _inCategoryPool[item - First];
        return pooled ? 1.0 / _ofCategory[_categories[item]].Length : 0;
    }
}
