using Tandem.Numerics.Trees;

namespace Tandem.Numerics.Tests.Trees;

public sealed class BinSearchTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(31, 2)]
    [InlineData(254, 30)]
    [InlineData(255, 1)]
    public void Fill_OfAnyLength_CountsTheCutsBelow(int cutCount, int stride)
    {
        SeededRandom random = new(seed: (ulong)(cutCount + stride));
        float[] cuts = [.. Enumerable.Range(0, cutCount).Select(_ => (float)random.NextGaussian()).Order()];
        float[] padded = BinSearch.Pad(cuts);
        for (int rows = 0; rows <= 70; rows++)
        {
            float[] table = [.. Enumerable.Range(0, rows * stride).Select(_ => ValueOf(random, cuts))];
            byte[] bins = new byte[rows];

            bool hasMissing = BinSearch.Fill(table, stride, padded, missing: 255, bins);

            float[] column = [.. Enumerable.Range(0, rows).Select(row => table[row * stride])];
            Assert.Equal(column.Any(float.IsNaN), hasMissing);
            Assert.Equal(column.Select(value => float.IsNaN(value) ? (byte)255 : (byte)cuts.Count(cut => cut < value)), bins);
        }
    }

    [Fact]
    public void Fill_BeyondTheTable_IsRefused()
    {
        float[] padded = BinSearch.Pad([0]);

        Assert.Throws<ArgumentOutOfRangeException>(() => BinSearch.Fill(new float[6], 3, padded, 2, new byte[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinSearch.Pad(new float[256]));
    }

    private static float ValueOf(SeededRandom random, float[] cuts) => random.NextInt(8) switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => float.NegativeInfinity,
        3 when cuts.Length > 0 => cuts[random.NextInt(cuts.Length)],
        _ => (float)random.NextGaussian(),
    };
}
