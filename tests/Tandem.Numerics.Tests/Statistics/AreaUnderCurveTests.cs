using Tandem.Numerics.Statistics;

namespace Tandem.Numerics.Tests.Statistics;

public sealed class AreaUnderCurveTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Of_RandomColumns_EqualsTheShareOfPairs(ulong seed)
    {
        SeededRandom random = new(seed);
        float[] values = new float[97];
        bool[] isPositive = new bool[values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            isPositive[row] = random.NextInt(3) == 0;
            values[row] = random.NextInt(10) == 0 ? float.NaN : random.NextInt(8) + (isPositive[row] ? 2 : 0);
        }

        AreaUnderCurve area = AreaUnderCurve.Of(values, isPositive)!.Value;

        double wins = 0;
        long pairs = 0;
        for (int p = 0; p < values.Length; p++)
        {
            for (int n = 0; n < values.Length; n++)
            {
                if (isPositive[p] && !isPositive[n])
                {
                    float up = float.IsNaN(values[p]) ? float.NegativeInfinity : values[p];
                    float down = float.IsNaN(values[n]) ? float.NegativeInfinity : values[n];
                    wins += up > down ? 1 : up == down ? 0.5 : 0;
                    pairs++;
                }
            }
        }

        Assert.Equal(wins / pairs, area.Value, 12);
        Assert.Equal((isPositive.Count(each => each), isPositive.Count(each => !each)), (area.Positives, area.Negatives));
        Assert.InRange(area.Value, area.Low, area.High);
    }

    [Fact]
    public void Of_TheExampleOfHanleyAndMcNeil_GivesTheirStandardError()
    {
        // Radiology 143 (1982), 29-36: 51 abnormal and 58 normal images rated 1 to 5, area 0.893, standard error 0.032.
        int[] abnormal = [3, 2, 2, 11, 33];
        int[] normal = [33, 6, 6, 11, 2];
        List<float> values = [];
        List<bool> isPositive = [];
        for (int rating = 0; rating < 5; rating++)
        {
            values.AddRange(Enumerable.Repeat((float)rating, abnormal[rating] + normal[rating]));
            isPositive.AddRange(Enumerable.Repeat(true, abnormal[rating]));
            isPositive.AddRange(Enumerable.Repeat(false, normal[rating]));
        }

        AreaUnderCurve area = AreaUnderCurve.Of(values.ToArray(), isPositive.ToArray())!.Value;

        Assert.Equal(0.893, area.Value, 3);
        Assert.Equal(0.032, (area.Value - area.Low) / 2.5758, 2);
    }

    [Fact]
    public void Of_OneClassAlone_IsNull()
    {
        Assert.Null(AreaUnderCurve.Of([1, 2], [true, true]));
        Assert.Null(AreaUnderCurve.Of([], []));
    }
}
