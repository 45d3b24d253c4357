namespace Tandem.Numerics.Tests;

public sealed class RandomRotationTests
{
    [Fact]
    public void Make_IsOrthogonal_AtEverySize()
    {
        for (int size = 1; size <= 70; size++)
        {
            Matrix rotation = RandomRotation.Make(size, seed: (ulong)size);

            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < size; k++)
                    {
                        sum += (double)rotation.Row(i)[k] * rotation.Row(j)[k];
                    }

                    // 70 float32 roundings of numbers below 1.
                    Assert.Equal(i == j ? 1 : 0, sum, 5e-6);
                }
            }
        }
    }

    [Fact]
    public void Make_SameSeed_SameBytes_OtherSeed_Another()
    {
        Assert.Equal(RandomRotation.Make(9, 3).Values, RandomRotation.Make(9, 3).Values);
        Assert.NotEqual(RandomRotation.Make(9, 3).Values, RandomRotation.Make(9, 4).Values);
    }
}
