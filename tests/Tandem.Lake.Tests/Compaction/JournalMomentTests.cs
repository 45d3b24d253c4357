using System.Globalization;
using System.Text;
using Tandem.Lake.Compaction;

namespace Tandem.Lake.Tests.Compaction;

public sealed class JournalMomentTests
{
    [Fact]
    public void TryRead_OfRandomMoments_AgreesWithTheFramework()
    {
        const int Seed = 5;
        Random random = new(Seed);
        for (int i = 0; i < 2000; i++)
        {
            long micros = random.NextInt64(LakeTime.ToMicros(DateTimeOffset.MinValue), LakeTime.ToMicros(DateTimeOffset.MaxValue));
            string text = LakeTime.FromMicros(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

            Assert.True(JournalMoment.TryRead(Encoding.ASCII.GetBytes(text), out long read), $"seed {Seed}: {text}");
            Assert.Equal(micros, read);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("2026-02-29T00:00:00.000000Z")]
    [InlineData("2026-13-01T00:00:00.000000Z")]
    [InlineData("2026-01-01T24:00:00.000000Z")]
    [InlineData("2026-01-01T00:00:60.000000Z")]
    [InlineData("2026-01-01T00:00:00.00000/Z")]
    [InlineData("0000-01-01T00:00:00.000000Z")]
    public void TryRead_OfAnythingElse_Declines(string text)
    {
        Assert.False(JournalMoment.TryRead(Encoding.ASCII.GetBytes(text), out _));
    }
}
