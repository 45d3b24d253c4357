using Tandem.Lake.Compaction;

namespace Tandem.Lake.Tests.Compaction;

public sealed class FingerprintTests
{
    [Fact]
    public void Of_ShortTexts_TellsThemApart()
    {
        HashSet<ulong> prints = [Fingerprint.Of([])];
        for (int length = 1; length <= 20; length++)
        {
            for (int place = 0; place < length; place++)
            {
                byte[] text = new byte[length];
                text[place] = 1;
                Assert.True(prints.Add(Fingerprint.Of(text)), $"length {length}, place {place}");
            }
        }
    }
}
