using System.Text;
using Tandem.Faults;
using Tandem.Monitoring.Drift;
using Tandem.Numerics;
using Tandem.Numerics.Statistics;

namespace Tandem.Monitoring.Tests.Drift;

public sealed class FeatureProfileTests
{
    [Fact]
    public void Of_AShortColumn_KeepsEveryValueSorted()
    {
        var profile = FeatureProfile.Of("x", [3, float.NaN, 1, float.PositiveInfinity, 2]);

        Assert.Equal([1, 2, 3], profile.Points);
        Assert.Equal(5, profile.Rows);
        Assert.Equal(2, profile.Nulls);
    }

    [Fact]
    public void Of_ALongColumn_StaysWithinHalfAPointOfIt()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            SeededRandom random = new(seed);
            float[] column = new float[20_000];
            for (int i = 0; i < column.Length; i++)
            {
                column[i] = (float)Math.Round(random.NextGaussian(), 2);
            }

            var profile = FeatureProfile.Of("x", column, points: 500);

            Assert.Equal(500, profile.Points.Count);
            double[] all = [.. column.Select(x => (double)x).Order()];
            double[] kept = [.. profile.Points.Select(x => (double)x)];
            Assert.True(KolmogorovSmirnov.Distance(all, kept) <= (0.5 / 500) + 1e-12, $"seed {seed}");
        }
    }

    [Fact]
    public void Of_AnEmptyColumn_HasNoPoints()
    {
        var profile = FeatureProfile.Of("x", []);

        Assert.Empty(profile.Points);
        Assert.Equal(0, profile.Rows);
    }

    [Fact]
    public void Read_OfWhatWasWritten_GivesTheSame()
    {
        FeatureProfile[] profiles =
        [
            FeatureProfile.Of("age", [1.5f, float.NaN, 0.1f]),
            FeatureProfile.Of("empty", []),
        ];

        IReadOnlyList<FeatureProfile> read = FeatureProfiles.Read(FeatureProfiles.Write(profiles));

        Assert.Equal("age empty", string.Join(' ', read.Select(profile => profile.Name)));
        Assert.Equal([0.1f, 1.5f], read[0].Points);
        Assert.Equal((3, 1), (read[0].Rows, read[0].Nulls));
    }

    [Fact]
    public void Write_OfAnExample_IsTheDocumentedText()
    {
        string text = Encoding.UTF8.GetString(FeatureProfiles.Write([FeatureProfile.Of("age", [2, float.NaN])]));

        const string Expected =
            """
            {
              "format": "tandem.feature-profiles/1",
              "record": [
                {
                  "name": "age",
                  "rows": 2,
                  "nulls": 1,
                  "points": [
                    2
                  ]
                }
              ]
            }
            """;
        Assert.Equal(Expected, text);
    }

    [Fact]
    public void Read_OfSomethingElse_SaysWhat()
    {
        TandemException refused = Assert.Throws<TandemException>(
            () => FeatureProfiles.Read(Encoding.UTF8.GetBytes("{\"format\":\"tandem.feature-profiles/9\"}")));

        Assert.Equal("MON002", refused.Fault.Code);
    }
}
