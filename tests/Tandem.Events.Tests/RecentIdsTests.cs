using System.Text;
using Tandem.Testing;

namespace Tandem.Events.Tests;

public sealed class RecentIdsTests
{
    /// <summary>Against the obvious: a list of all ids. Within the window every repetition is found; none is ever found
    /// that was not added; what a group took back is not known.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Add_OfRandomIds_FindsEveryRepetitionInTheWindow(int seed)
    {
        const int Capacity = 500;
        Random random = new(seed);
        RecentIds recent = new(Capacity);
        List<string> all = [];
        for (int group = 0; group < 2000; group++)
        {
            recent.BeginGroup();
            int kept = all.Count;
            for (int i = random.Next(12); i > 0; i--)
            {
                string id = random.Next(2) == 0 || all.Count == 0
                    ? $"new-{group}-{i}{new string('x', random.Next(200))}"
                    : all[random.Next(all.Count)];
                bool isNew = Add(recent, id);

                Assert.True(isNew || all.Contains(id, StringComparer.Ordinal), $"Seed {seed}: '{id}' was never added.");
                Assert.False(isNew && all.TakeLast(Capacity).Contains(id, StringComparer.Ordinal), $"Seed {seed}: '{id}' was forgotten.");
                if (isNew)
                {
                    all.Add(id);
                }
            }

            if (random.Next(5) == 0)
            {
                recent.ForgetGroup();
                all.RemoveRange(kept, all.Count - kept);
            }
        }
    }

    [Fact]
    public void Add_WithoutAWindow_KnowsNothing()
    {
        RecentIds recent = new(0);
        recent.BeginGroup();

        Assert.True(Add(recent, "a"));
        Assert.True(Add(recent, "a"));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with \"quotes\" and \\ at the end \\")]
    [InlineData("Füße 🎬")]
    public async Task Append_OfAnyIdAgain_IsOneEventAfterARestartToo(string id)
    {
        using TestFolder folder = new();
        FileJournalOptions options = new() { Folder = folder["log"] };
        EventRecord record = Samples.Small(0) with { Id = id };
        for (int i = 0; i < 2; i++)
        {
            await using FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System);
            await journal.AppendAsync([record, record]);
            await journal.AppendAsync([record]);
        }

        await using FileJournal again = await FileJournal.OpenAsync(options, TimeProvider.System);

        List<EventRecord> read =
            await again.ReadAsync(again.Begin).SelectMany(batch => batch.Events).ToListAsync();
        Assert.Equal(id, Assert.Single(read).Id);
    }

    [Fact]
    public async Task Reopen_RemembersTheStatedWindowAcrossSegments()
    {
        const int Window = 100;
        using TestFolder folder = new();
        FileJournalOptions options = new() { Folder = folder["log"], SegmentBytes = 1024, RememberedIdCount = Window };
        EventRecord[] events = Samples.Many(0, 1000);
        await using (FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System))
        {
            foreach (EventRecord[] batch in events.Chunk(7))
            {
                await journal.AppendAsync(batch);
            }
        }

        await using FileJournal again = await FileJournal.OpenAsync(options, TimeProvider.System);
        JournalPosition end = again.End;
        await again.AppendAsync(events[^Window..]);
        Assert.Equal(end, again.End);

        await again.AppendAsync([events[0]]);

        Assert.NotEqual(end, again.End);
    }

    private static bool Add(RecentIds recent, string id)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(id);

        // A poor hash on purpose: chains are walked, and equal hashes are told apart.
        return recent.Add(bytes, bytes.Length);
    }
}
