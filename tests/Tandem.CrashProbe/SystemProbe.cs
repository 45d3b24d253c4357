using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Workspace;

namespace Tandem.CrashProbe;

/// <summary>Runs a whole system without end: several clients send plays while the log rotates, and two tasks compact,
/// merge, vacuum, trim and forget in an order that a seed chooses. It says what it sends and what was acknowledged, and when
/// each piece of upkeep begins and ends.</summary>
/// <remarks>Play <c>n</c> has the id <c>n{n}</c> and is of person <c>w{n / 5}</c>; every fortieth is one that the
/// system's file does not allow. Only people whose plays are all from earlier runs are forgotten.</remarks>
internal sealed class SystemProbe
{
    private const int ClientCount = 3;
    private const int UpkeepCount = 2;
    private const int PlaysAPerson = 5;
    private const int RefusedEvery = 40;

    private static readonly DateTimeOffset FirstPlay = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TandemWorkspace _workspace;
    private readonly int _firstNumber;
    private readonly int _seed;
    private readonly string[] _people;
    private readonly ConcurrentQueue<string> _halfForgotten;
    private int _next;

    private SystemProbe(
        TandemWorkspace workspace, int firstNumber, int seed, string[] people, ConcurrentQueue<string> halfForgotten)
    {
        _halfForgotten = halfForgotten;
        _workspace = workspace;
        _firstNumber = _next = firstNumber;
        _seed = seed;
        _people = people;
    }

    /// <summary>Runs until the process is killed.</summary>
    /// <param name="specPath">The system's file.</param>
    /// <param name="firstNumber">Number of the first new play, a multiple of 5.</param>
    /// <param name="seed">Chooses the upkeep.</param>
    /// <param name="unanswered">Ranges <c>a-b</c> that were sent before and not acknowledged: sent again first.</param>
    /// <param name="people">People of the system before the first play, who may be forgotten too. Those whose
    /// forgetting was cut short are behind a plus sign, and come first.</param>
    public static async Task RunAsync(
        string specPath, string firstNumber, string seed, string unanswered, string people)
    {
        string[] names = Split(people);
        await using TandemWorkspace workspace = await TandemWorkspace.OpenAsync(Options(specPath));
        SystemProbe probe = new(
            workspace, Number(firstNumber), Number(seed), [.. names.Where(static name => name[0] != '+')],
            new(names.Where(static name => name[0] == '+').Select(static name => name[1..])));
        await Acknowledgement.SayAsync("open");
        foreach (string range in Split(unanswered))
        {
            string[] ends = range.Split('-');
            await probe.SendAsync(Number(ends[0]), Number(ends[1]));
        }

        // None of them ends but by a failure, which the test reads behind the output.
        await await Task.WhenAny(
        [
            .. Enumerable.Range(0, ClientCount).Select(client => probe.SendAsync(client)),
            .. Enumerable.Range(1, UpkeepCount).Select(task => probe.KeepUpAsync(task)),
        ]);
    }

    /// <summary>How the system is opened: with segments and a memory for ids so small that rotation goes on all the
    /// time, and some repetitions are left for compaction to find.</summary>
    private static WorkspaceOptions Options(string specPath) => new()
    {
        SpecPath = specPath,
        Journal = new FileJournalOptions { Folder = "log", SegmentBytes = 32 * 1024, RememberedIdCount = 64 },
    };

    private async Task SendAsync(int client)
    {
        for (int round = client; ; round++)
        {
            int count = 1 + (round % 12);
            int first = Interlocked.Add(ref _next, count) - count;
            await SendAsync(first, first + count - 1);
            if (round % 6 == 0)
            {
                await SendAsync(first, first + count - 1);
            }

            // Upkeep gets its share of the disk, and a run its share of upkeep.
            await Task.Delay(TimeSpan.FromMilliseconds(30));
        }
    }

    private async Task SendAsync(int first, int last)
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");
        await Acknowledgement.SayAsync($"send {range}");
        IReadOnlyList<EventOutcome> outcomes = await _workspace.IngestAsync(
            [.. Enumerable.Range(first, last - first + 1).Select(Play)]);
        for (int i = 0; i < outcomes.Count; i++)
        {
            bool isRefused = outcomes[i].Fault is not null;
            if (isRefused != ((first + i) % RefusedEvery == 0))
            {
                throw new InvalidOperationException($"Play {first + i}: {outcomes[i].Fault?.What ?? "accepted"}.");
            }
        }

        await Acknowledgement.SayAsync($"done {range}");
    }

    private async Task KeepUpAsync(int task)
    {
        Random random = new((_seed * 2) + task);
        while (true)
        {
            switch (random.Next(12))
            {
                case < 3:
                    await RunAsync("compact", () => _workspace.CompactAsync());
                    break;
                case < 6:
                    await RunAsync("merge", () => _workspace.MergeLakeAsync());
                    break;
                case < 9:
                    await RunAsync("vacuum", () => _workspace.VacuumLakeAsync(newest: 1 + random.Next(5)));
                    break;
                case < 11:
                    JournalRetention retention = new() { Bytes = random.Next(200_000) };
                    await RunAsync("trim", () => _workspace.TrimLogAsync(retention));
                    break;
                default:
                    int number = random.Next(_people.Length + (_firstNumber / PlaysAPerson));
                    string person = number < _people.Length
                        ? _people[number]
                        : Person((number - _people.Length) * PlaysAPerson);
                    await ForgetAsync(_halfForgotten.TryDequeue(out string? half) ? half : person);
                    break;
            }
        }
    }

    private Task ForgetAsync(string person) =>
        RunAsync($"forget {person}", () => _workspace.ForgetAsync("user", person));

    private async Task RunAsync(string what, Func<Task> work)
    {
        await Acknowledgement.SayAsync($"begin {what}");
        await work();
        await Acknowledgement.SayAsync($"end {what}");
    }

    private static ReadOnlyMemory<byte> Play(int number)
    {
        // Three dates, so that compactions leave small files to merge.
        DateTimeOffset time = FirstPlay.AddDays(number % 3).AddSeconds(number % 80_000);
        string fraction = number % RefusedEvery == 0 ? "7" : "0.9";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"n{number}\",\"type\":\"play\",\"entities\":{{\"user\":\"{Person(number)}\",\"item\":\"v{number % 30}\"}},"
            + $"\"time\":\"{time:yyyy-MM-ddTHH:mm:ss}Z\",\"data\":{{\"watch_fraction\":{fraction}}}}}"));
    }

    private static string Person(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"w{number / PlaysAPerson}");

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
