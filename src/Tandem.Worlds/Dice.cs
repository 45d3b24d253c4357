using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Gives every random choice of a world its own stream, so that none depends on the order of the
/// others.</summary>
internal readonly struct Dice
{
    private readonly ulong _seed;

    public Dice(ulong seed)
    {
        _seed = Mix(seed);
    }

    /// <summary>The stream of one subject, such as the visits of a day or the reaction of a visit to an item.</summary>
    public SeededRandom Roll(Draw draw, long a, long b = 0) => new(Bits(draw, a, b));

    /// <summary>64 random bits that belong to (draw, a, b) alone.</summary>
    public ulong Bits(Draw draw, long a, long b = 0)
    {
        return Mix(Mix(Mix(_seed + (ulong)draw) + (ulong)a) ^ ((ulong)b * 0xD1342543DE82EF95UL));
    }

    // The finaliser of SplitMix64: every input bit reaches every output bit.
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
