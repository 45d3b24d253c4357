using System.Globalization;
using Tandem.Testing;

namespace Tandem.Events.Tests;

public sealed class FileJournalCrashTests
{
    // TANDEM_KILLS asks for more than ./check has time for.
    private static readonly int KillCount = int.Parse(
        Environment.GetEnvironmentVariable("TANDEM_KILLS") ?? "10", CultureInfo.InvariantCulture);

    /// <summary>Kills a writing process again and again at moments a seed chooses. Whatever was acknowledged is there, once;
    /// whatever is there was sent. A killed process takes nothing, whatever the durability: that is about power.</summary>
    [Theory]
    [InlineData(Durability.Fsync)]
    [InlineData(Durability.Interval)]
    [InlineData(Durability.None)]
    public async Task Append_KilledAgainAndAgain_LosesAndDoublesNothingAcknowledged(Durability durability)
    {
        const int Seed = 20260101;
        using TestFolder folder = new();
        Random random = new(Seed);
        HashSet<int> acknowledged = [];
        int next = 0;

        for (int kill = 0; kill < KillCount; kill++)
        {
            string first = next.ToString(CultureInfo.InvariantCulture);
            using (var probe = ProbeProcess.Start("append", folder.Path, first, durability.ToString()))
            {
                List<string> lines = await probe.ReadAsync(1 + random.Next(60));
                lines.AddRange(await probe.KillAsync());
                Acknowledge(lines, acknowledged);
            }

            List<int> kept = await ReadNumbersAsync(folder.Path);

            Assert.True(kept.Count == kept.Distinct().Count(), $"Seed {Seed}, kill {kill}: doubled.");
            Assert.True(acknowledged.IsSubsetOf(kept), $"Seed {Seed}, kill {kill}: lost.");
            Assert.Empty(JournalRepair.Find(folder.Path));
            next = kept.Count == 0 ? 0 : kept.Max() + 1000;
        }

        Assert.True(acknowledged.Count > KillCount);
    }

    // Each line is one write to a pipe, which is whole or absent; "open" names no events.
    private static void Acknowledge(List<string> lines, HashSet<int> acknowledged)
    {
        foreach (string line in lines)
        {
            if (line.Split('-') is [string first, string last])
            {
                for (int i = Number(first); i <= Number(last); i++)
                {
                    acknowledged.Add(i);
                }
            }
        }
    }

    private static async Task<List<int>> ReadNumbersAsync(string folder)
    {
        await using FileJournal journal = await FileJournal.OpenAsync(new() { Folder = folder }, TimeProvider.System);
        return await journal.ReadAsync(journal.Begin)
            .SelectMany(batch => batch.Events)
            .Select(record => Number(record.Id.AsSpan(1)))
            .ToListAsync();
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
