using Tandem.Numerics.Codes;

namespace Tandem.Numerics.Tests.Codes;

public sealed class ByteCodesTests
{
    [Fact]
    public void Quantise_IsRightToHalfAStep()
    {
        for (int length = 1; length <= 70; length++)
        {
            float[] vector = KernelTests.Draw(length, (ulong)length);
            sbyte[] codes = new sbyte[length + 3];
            codes.AsSpan().Fill(55);

            float scale = ByteCodes.Quantise(vector, codes);

            // Half a step, and the rounding of the factor: 127 · 2⁻²³ of one.
            Assert.All(vector.Zip(codes), pair =>
                Assert.InRange(Math.Abs(pair.First - ((double)scale * pair.Second)), 0, 0.50002 * scale));
            Assert.Equal([0, 0, 0], codes[length..]);
            Assert.Equal(127, codes.Max(code => Math.Abs((int)code)));
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-38f)]
    public void Quantise_NothingOrNextToNothing_IsZero(float value)
    {
        sbyte[] codes = [1, 2];

        Assert.Equal(0, ByteCodes.Quantise([value, -value], codes));
        Assert.Equal([0, 0], codes);
    }

    [Fact]
    public void Quantise_NextToTheLargestNumber_StaysFinite()
    {
        sbyte[] codes = new sbyte[2];

        float scale = ByteCodes.Quantise([3e38f, -1.5e38f], codes);

        Assert.True(float.IsFinite(scale));
        Assert.Equal([127, -64], codes);
    }

    [Fact]
    public void Quantise_FewerCodesThanNumbers_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ByteCodes.Quantise([1, 2], new sbyte[1]));
}
