using System.Numerics;

namespace Tandem.Numerics;

/// <summary>A stream of pseudo-random numbers that a seed fixes for good: xoshiro256**, seeded by SplitMix64.</summary>
/// <remarks>A mutable struct: pass it by reference, or two copies give the same numbers. Not for secrets. Paper:
/// Blackman and Vigna, <em>Scrambled linear pseudorandom number generators</em>, 2018.</remarks>
public struct SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">Any number; equal seeds give equal streams.</param>
    /// <param name="stream">Number of an independent stream under the same seed, such as a user or a day.</param>
    public SeededRandom(ulong seed, ulong stream = 0)
    {
        ulong state = seed ^ (stream * 0xD1342543DE82EF95UL);
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>Draws 64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Draws a number from [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a number from [0, 1) with 24 random bits.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1.0f / (1U << 24));

    /// <summary>Draws a whole number from [0, <paramref name="bound"/>).</summary>
    /// <param name="bound">Exclusive upper bound, at least 1.</param>
    /// <remarks>Multiply-shift: the bias is below bound / 2⁶⁴.</remarks>
    public int NextInt(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Draws from the standard normal distribution (Marsaglia's polar method, one of its two
    /// values).</summary>
    public double NextGaussian()
    {
        while (true)
        {
            double x = (2 * NextDouble()) - 1;
            double y = (2 * NextDouble()) - 1;
            double s = (x * x) + (y * y);
            if (s is > 0 and < 1)
            {
                return x * Math.Sqrt(-2 * Math.Log(s) / s);
            }
        }
    }

    /// <summary>Brings values into an order drawn evenly from all (Fisher and Yates).</summary>
    /// <param name="values">The values, moved in place.</param>
    /// <typeparam name="T">What is put in order.</typeparam>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = NextInt(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
