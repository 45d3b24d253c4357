namespace Tandem.Numerics.Tests;

public sealed class IdBitsTests
{
    [Fact]
    public void AddRemoveHasCount_AgreeWithASet()
    {
        for (int count = 0; count <= 200; count++)
        {
            SeededRandom random = new((ulong)count);
            ulong[] bits = new ulong[IdBits.WordsOf(count)];
            IdBits.Fill(bits, count);
            HashSet<int> twin = [.. Enumerable.Range(0, count)];
            for (int i = 0; i < count; i++)
            {
                int id = random.NextInt(count);
                if (random.NextInt(3) == 0)
                {
                    IdBits.Add(bits, id);
                    twin.Add(id);
                }
                else
                {
                    IdBits.Remove(bits, id);
                    twin.Remove(id);
                }
            }

            if (count > 0)
            {
                Assert.All(Enumerable.Range(0, count), id => Assert.Equal(twin.Contains(id), IdBits.Has(bits, id)));
                Assert.False(IdBits.Has(bits, 64 * bits.Length));
                int bound = random.NextInt(count + 1);
                Assert.Equal(twin.Count(id => id < bound), IdBits.Count(bits, bound));
                Assert.Equal(twin.Count, IdBits.Count(bits, count + 100));
            }
        }
    }

    [Fact]
    public void Empty_HoldsAll()
    {
        Assert.True(IdBits.Has([], 7));
        Assert.Equal(9, IdBits.Count([], 9));
    }
}
