using System.Text;
using Tandem.Lake.Compaction;

namespace Tandem.Lake.Tests.Compaction;

public sealed class EventIdsTests
{
    [Fact]
    public void FindSuspects_OfManyIds_FindsThoseThatStandTwice()
    {
        EventIds first = new();
        EventIds second = new();
        for (int i = 0; i < 20_000; i++)
        {
            (i % 2 == 0 ? first : second).Add(Encoding.UTF8.GetBytes($"id-{i}"), i);
        }

        second.Add("id-7"u8, 50_000);
        second.Add("id-7"u8, 50_001);
        first.Add(second);

        Assert.Equal([7L, 50_000L, 50_001L], first.FindSuspects().Order());
    }

    [Fact]
    public void Fingerprint_OfShortIds_TellsThemApart()
    {
        HashSet<ulong> prints = [EventIds.Fingerprint([])];
        for (int length = 1; length <= 20; length++)
        {
            for (int place = 0; place < length; place++)
            {
                byte[] id = new byte[length];
                id[place] = 1;
                Assert.True(prints.Add(EventIds.Fingerprint(id)), $"length {length}, place {place}");
            }
        }
    }
}
