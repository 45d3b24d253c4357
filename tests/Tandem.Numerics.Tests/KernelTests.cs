using Tandem.Testing;

namespace Tandem.Numerics.Tests;

/// <summary>Every kernel against a scalar float64 twin, over all lengths that meet a vector's edge.</summary>
public sealed class KernelTests
{
    private const int LongestLength = 70;

    // Float32 sums of up to 70 terms of size 1: 70 roundings of 2^-24, with room.
    private const double Tolerance = 2e-5;

    private static readonly float[] Specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    [Fact]
    public void Dot_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = Draw(length, stream: 1);
            float[] y = Draw(length, stream: 2);

            double expected = 0;
            for (int i = 0; i < length; i++)
            {
                expected += (double)x[i] * y[i];
            }

            Assert.Equal(expected, Kernel.Dot(x, y), Tolerance);
        }
    }

    /// <summary>The very formula, element by element: no tolerance.</summary>
    [Fact]
    public void MoveTowards_AtAnyLength_IsItsTwin()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = Draw(length, stream: 1);
            float[] y = Draw(length, stream: 2);
            float[] expected = [.. y.Zip(x, static (from, to) => (float)(from + (0.3 * ((double)to - from))))];

            Kernel.MoveTowards(0.3, x, y);

            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void SquaredDistance_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = Draw(length, stream: 1);
            float[] y = Draw(length, stream: 2);
            double expected = x.Zip(y, static (a, b) => Math.Pow((double)a - b, 2)).Sum();

            // Float64 sums of up to 70 terms of some units.
            Assert.Equal(expected, Kernel.SquaredDistance(x, y), 1e-12);
        }

        Assert.True(double.IsNaN(Kernel.SquaredDistance([1, float.NaN], [1, 2])));
    }

    [Fact]
    public void AllFinite_WithASpecialNumberAnywhere_IsFalse()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            Assert.True(Kernel.AllFinite([.. Enumerable.Repeat(-float.MaxValue, length)]));
        }

        ForEverySpecial((x, _) => Assert.False(Kernel.AllFinite(x)));
    }

    [Fact]
    public void Dot_WithASpecialNumberAnywhere_SpreadsIt()
    {
        ForEverySpecial((x, special) =>
        {
            float[] ones = new float[x.Length];
            Array.Fill(ones, 1f);

            Assert.Equal(special, Kernel.Dot(x, ones));
        });
    }

    [Fact]
    public void Dot_OfDifferentLengths_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Kernel.Dot(new float[3], new float[4]));
    }

    [Fact]
    public void Sum_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = Draw(length, stream: 3);

            Assert.Equal(x.Sum(value => (double)value), Kernel.Sum(x), Tolerance);
        }
    }

    [Fact]
    public void Sum_WithASpecialNumberAnywhere_SpreadsIt()
    {
        ForEverySpecial((x, special) => Assert.Equal(special, Kernel.Sum(x)));
    }

    [Fact]
    public void Max_AtAnyLength_AgreesWithItsTwin()
    {
        Assert.Equal(float.NegativeInfinity, Kernel.Max([]));
        for (int length = 1; length <= LongestLength; length++)
        {
            float[] x = Draw(length, stream: 4);

            Assert.Equal(x.Max(), Kernel.Max(x));
        }
    }

    [Fact]
    public void Max_WithASpecialNumberAnywhere_FollowsItsRule()
    {
        ForEverySpecial((x, special) =>
        {
            bool isLowest = special == float.NegativeInfinity;
            float others = x.Where(value => !value.Equals(special)).DefaultIfEmpty(special).Max();

            Assert.Equal(isLowest ? others : special, Kernel.Max(x));
        });
    }

    [Fact]
    public void AddScaled_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = Draw(length, stream: 5);
            float[] y = Draw(length, stream: 6);
            float[] found = [.. y];

            Kernel.AddScaled(-1.5f, x, found);

            for (int i = 0; i < length; i++)
            {
                Assert.Equal(y[i] - (1.5 * x[i]), found[i], 1e-6);
            }
        }
    }

    [Fact]
    public void AddScaled_WithASpecialNumberAnywhere_TouchesOnlyItsPlace()
    {
        ForEverySpecial((x, special) =>
        {
            float[] y = new float[x.Length];

            Kernel.AddScaled(1, x, y);

            Assert.Equal(x, y);
        });
    }

    [Fact]
    public void AddScaled_OfDifferentLengths_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Kernel.AddScaled(1, new float[3], new float[4]));
    }

    [Fact]
    public void Scale_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = Draw(length, stream: 7);
            float[] found = [.. x];

            Kernel.Scale(3, found);

            Assert.Equal(x.Select(value => value * 3), found);
        }
    }

    [Fact]
    public void SubtractRows_AtAnyShape_AgreesWithItsTwin()
    {
        for (int length = 0; length <= 160; length += 16)
        {
            for (int count = 0; count <= 9; count++)
            {
                int stride = length + 5;
                float[] rows = Draw((count * stride) + 1, stream: 8);
                float[] factors = Draw((count * 3) + 1, stream: 9);
                float[] y = Draw(length + 1, stream: 10);
                float[] found = [.. y];

                Kernel.SubtractRows(ref rows[0], stride, ref factors[0], 3, count, ref found[0], length);

                for (int i = 0; i < length; i++)
                {
                    double expected = y[i];
                    for (int k = 0; k < count; k++)
                    {
                        expected -= (double)factors[3 * k] * rows[(k * stride) + i];
                    }

                    Assert.Equal(expected, found[i], 1e-5);
                }

                Assert.Equal(y[length], found[length]);
            }
        }
    }

    [Fact]
    public void Kernels_AllocateNothing()
    {
        float[] x = Draw(67, stream: 11);
        float[] y = Draw(67, stream: 12);
        RunAll(x, y);

        Assert.Equal(0, Allocations.Least(() => RunAll(x, y)));
    }

    internal static float[] Draw(int length, ulong stream)
    {
        SeededRandom random = new(seed: 20, stream);
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = (2 * random.NextSingle()) - 1;
        }

        return values;
    }

    private static float RunAll(float[] x, float[] y)
    {
        Kernel.AddScaled(1e-3f, x, y);
        Kernel.Scale(0.999f, y);
        return Kernel.Dot(x, y) + Kernel.Sum(x) + Kernel.Max(y);
    }

    private static void ForEverySpecial(Action<float[], float> check)
    {
        foreach (float special in Specials)
        {
            for (int length = 1; length <= LongestLength; length++)
            {
                for (int place = 0; place < length; place += 7)
                {
                    float[] x = Draw(length, stream: 13);
                    x[place] = special;
                    check(x, special);
                }
            }
        }
    }
}
