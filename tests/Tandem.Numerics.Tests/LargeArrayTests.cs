namespace Tandem.Numerics.Tests;

public sealed class LargeArrayTests
{
    /// <summary>Below and from 4 MiB on, and of sizes that no huge page divides.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((3 << 20) + 17)]
    public void Zeros_OfAnySize_AreZeroAndStay(int length)
    {
        for (int turn = 0; turn < 3; turn++)
        {
            float[] array = LargeArray.Zeros<float>(length);
            Assert.Equal(length, array.Length);
            Assert.False(array.AsSpan().ContainsAnyExcept(0f));
            array.AsSpan().Fill(1);
            GC.Collect();
            Assert.False(array.AsSpan().ContainsAnyExcept(1f));
        }
    }
}
