namespace Tandem.Events.Tests;

public sealed class FileJournalOptionsTests
{
    public static TheoryData<string, Func<FileJournalOptions>> OutOfRange => new()
    {
        { "segment size", () => new() { Folder = "x", SegmentBytes = 1023 } },
        { "segment age", () => new() { Folder = "x", SegmentAge = TimeSpan.FromMilliseconds(999) } },
        { "queue length", () => new() { Folder = "x", QueueLength = 0 } },
        { "queue bytes", () => new() { Folder = "x", QueueBytes = 0 } },
        { "remembered ids", () => new() { Folder = "x", RememberedIdCount = -1 } },
        { "flush interval", () => new() { Folder = "x", FlushInterval = TimeSpan.Zero } },
        { "long flush interval", () => new() { Folder = "x", FlushInterval = TimeSpan.FromHours(1.1) } },
        { "durability", () => new() { Folder = "x", Durability = (Durability)3 } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Options_OutOfRange_AreRefused(string what, Func<FileJournalOptions> make)
    {
        Exception? refused = Record.Exception(make);

        Assert.True(refused is ArgumentOutOfRangeException, what);
    }

    [Fact]
    public void Durability_KeepsItsNumbers() =>
        Assert.Equal(
            [("Fsync", 0), ("Interval", 1), ("None", 2)],
            Enum.GetValues<Durability>().Select(value => (value.ToString(), (int)value)));
}
