using Tandem.Registry.Records;

namespace Tandem.Registry.Tests.Records;

public sealed class RecordSequenceTests
{
    [Fact]
    public async Task Last_AtEveryLength_IsTheLastWrittenAndAsksFewQuestions()
    {
        using TestStore store = new();

        for (int length = 0; length < 140; length++)
        {
            DyingStore counting = new(store.Whole, fatalCall: 0, takesEffect: false);
            RecordSequence sequence = new(counting, "r");
            int last = await sequence.LastAsync(CancellationToken.None);

            Assert.Equal(length, last);
            Assert.InRange(counting.Calls, 1, (2 * Math.ILogB(length + 1)) + 2);
            Assert.True(await sequence.TryAppendAsync(length + 1, new byte[] { 1 }, CancellationToken.None));
            Assert.False(await sequence.TryAppendAsync(length + 1, new byte[] { 2 }, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Read_OfAbsentNumber_IsNull()
    {
        using TestStore store = new();

        Assert.Null(await new RecordSequence(store.Whole, "r").ReadAsync(1, CancellationToken.None));
    }

    [Fact]
    public void Key_IsTwentyDigits()
    {
        using TestStore store = new();

        Assert.Equal("r/00000000000000000007.json", new RecordSequence(store.Whole, "r").Key(7));
    }
}
