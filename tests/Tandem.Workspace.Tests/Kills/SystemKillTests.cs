using System.Globalization;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Workspace.Tests.Kills;

public sealed class SystemKillTests(ITestOutputHelper output)
{
    private const int KillsASystem = 25;
    private const int Seed = 20261121;

    // Several pieces of upkeep fit into a life.
    private const int LifeMilliseconds = 1200;

    // A short series may pass by what is soon done.
    private const int KillsThatMeetAll = 200;

    private static readonly string[] Works = ["append", "compact", "merge", "vacuum", "trim", "forget"];

    // TANDEM_KILLS asks for more than ./check has time for.
    private static readonly int KillCount = int.Parse(
        Environment.GetEnvironmentVariable("TANDEM_KILLS") ?? "20", CultureInfo.InvariantCulture);

    private readonly Dictionary<string, int> _met = Works.ToDictionary(
        static work => work, static _ => 0, StringComparer.Ordinal);

    /// <summary>Kills a system again and again while it appends, rotates its log, compacts, merges, vacuums, trims and
    /// forgets, all at once. After every kill each acknowledged event is there once, in the log or in the lake, people who were forgotten are nowhere, and
    /// every manifest is whole. Each 25 kills a system starts from nothing, so that all ages of one are met.</summary>
    [Fact]
    public async Task System_KilledAgainAndAgain_LosesDoublesAndRemembersNothing()
    {
        int acknowledged = 0;
        int forgotten = 0;
        for (int kills = 0; kills < KillCount; kills += KillsASystem)
        {
            SystemRecord record = await KillOneAsync(Seed + kills, Math.Min(KillsASystem, KillCount - kills));
            acknowledged += record.AcknowledgedCount;
            forgotten += record.Forgotten.Count;
        }

        output.WriteLine($"Seed {Seed}: {KillCount} kills, {acknowledged} acknowledged events, {forgotten} people forgotten.");
        output.WriteLine($"Killed within: {string.Join(", ", _met.Select(static pair => $"{pair.Key} {pair.Value}"))}.");
        Assert.True(forgotten > 0);
        if (KillCount >= KillsThatMeetAll)
        {
            Assert.All(Works, work => Assert.True(_met[work] > 0, $"Seed {Seed}: no kill met {work} at work."));
        }
    }

    private async Task<SystemRecord> KillOneAsync(int seed, int kills)
    {
        using SmallWorkspace small = new();
        small.Clock.Now = TimeProvider.System.GetUtcNow();
        SystemRecord record;
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await small.RecordAsync(workspace);
            await workspace.CompactAsync();
            await workspace.TrainAsync(Registry.TrainingCause.Manual);
            record = new SystemRecord(await workspace.ReadLogAsync());
        }

        Random random = new(seed);
        for (int kill = 0; kill < kills; kill++)
        {
            List<string> lines = await LiveAsync(small, record, random);
            lines.ForEach(record.Hear);
            record.EndLife();
            CountMet(lines);
            small.Clock.Now = TimeProvider.System.GetUtcNow();
            await using TandemWorkspace workspace = await small.OpenAsync();
            await SystemCheck.RunAsync(workspace, small, record, $"Seed {seed}, kill {kill}.");
        }

        await FinishAsync(small, record, $"Seed {seed}, finished.");
        return record;
    }

    /// <summary>One life of the system, from its opening to a random moment.</summary>
    private static async Task<List<string>> LiveAsync(SmallWorkspace small, SystemRecord record, Random random)
    {
        (string unanswered, string people) = record.Left();
        using var probe = ProbeProcess.Start(
            "system", small.SpecPath, $"{record.Next}", $"{random.Next(1_000_000)}", unanswered, people);
        List<string> lines = await probe.ReadAsync(1);
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LifeMilliseconds)));
        lines.AddRange(await probe.KillAsync());
        return lines;
    }

    private void CountMet(List<string> lines)
    {
        HashSet<string> open = new(StringComparer.Ordinal);
        foreach (string[] words in lines.Select(static line => line.Split(' ', 2)))
        {
            switch (words)
            {
                case ["begin" or "send", string what]:
                    open.Add(what);
                    break;
                case ["end" or "done", string what]:
                    open.Remove(what);
                    break;
                default:
                    break;
            }
        }

        foreach (string work in open
            .Select(static what => char.IsDigit(what[0]) ? "append" : what.Split(' ')[0])
            .Distinct(StringComparer.Ordinal))
        {
            _met[work]++;
        }
    }

    /// <summary>Finishes what kills left open, and leaves a lake of one manifest.</summary>
    private static async Task FinishAsync(SmallWorkspace small, SystemRecord record, string because)
    {
        small.Clock.Now = TimeProvider.System.GetUtcNow();
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            foreach (string person in record.BeingForgotten.ToList())
            {
                await workspace.ForgetAsync("user", person);
                record.Hear($"end forget {person}");
            }

            await workspace.CompactAsync();
            await workspace.MergeLakeAsync();
            await workspace.VacuumLakeAsync(newest: 1);
            await SystemCheck.RunAsync(workspace, small, record, because);
            await SystemCheck.FinishedAsync(workspace, small, record, because);
        }

        await SystemCheck.BytesAsync(small, record, because);
    }
}
