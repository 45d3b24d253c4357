using System.Globalization;

namespace Tandem.Acceptance;

/// <summary>A service whose machine keeps a few megabytes of the raw log: it trims under load, is killed, and answers
/// as before.</summary>
public sealed class RetentionTests
{
    private const int Lives = 3;
    private const int KeptBytes = 2 << 20;
    private const int BatchLines = 400;
    private const int MostBatches = 3000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Users = ["c1", "c2", "n3", "n40"];

    [Fact]
    public async Task Service_ThatKeepsAFewMegabytes_TrimsUnderLoadAndAnswersTheSameAfterEveryKill()
    {
        // Twice what is kept: the service looks after five seconds, and then not for a quarter of an hour.
        using Shop shop = new(users: 2400);
        await File.WriteAllTextAsync(
            shop["tandem.json"],
            $$"""{"journal":{"keep_bytes":{{KeptBytes}},"segment_bytes":262144,"remembered_ids":1000} }""");
        (await shop.RunAsync("import")).Expect(0);
        (await shop.RunAsync("train")).Expect(0);
        int sent = 0;
        List<string> before = [];

        for (int life = 0; life < Lives; life++)
        {
            using RunningService service = await shop.UpAsync();
            if (life > 0)
            {
                Assert.Equal(before, await AnswersAsync(service), StringComparer.Ordinal);

                // What was acknowledged last is still recognised.
                Assert.Equal((BatchLines, 0), await service.SendAsync(Batch(sent - BatchLines)));
            }

            long begin = Begin(shop);
            int last = sent + (MostBatches * BatchLines);
            for (long bytes = 0; Begin(shop) == begin || bytes < 2 * KeptBytes; sent += BatchLines)
            {
                Assert.True(sent < last, $"Life {life}: nothing was trimmed.");
                string[] batch = Batch(sent);
                Assert.Equal((BatchLines, 0), await service.SendAsync(batch));
                bytes += batch.Sum(static line => line.Length);
                await Task.Delay(Pause);
            }

            before = await AnswersAsync(service);
            await service.KillAsync();
        }

        // Everything that was ever acknowledged is in the log or in the lake, and once in the lake when all is there.
        (await shop.RunAsync("import")).Expect(0);
        Assert.True(Begin(shop) > 0);
        List<string> lake = await shop.LakeAsync();
        Assert.Equal(shop.Rows + sent, lake.Count);
        Assert.Equal(lake.Count, lake.Distinct(StringComparer.Ordinal).Count());
        Assert.True((await shop.LogAsync()).Count < sent);
    }

    private static async Task<List<string>> AnswersAsync(RunningService service)
    {
        List<string> answers = [];
        foreach (string user in Users)
        {
            (string version, string[] items) = await service.RecommendAsync(user);
            answers.Add($"{user}: version {version}: {string.Join(", ", items)}");
        }

        return answers;
    }

    private static string[] Batch(int first) =>
    [
        .. Enumerable.Range(first, BatchLines).Select(static n => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"live-{n}\",\"type\":\"purchase\",\"entities\":{{\"user\":\"n{n % 400}\",\"item\":\"p{n / 7 % 28}\"}}}}")),
    ];

    /// <summary>Position of the oldest segment.</summary>
    private static long Begin(Shop shop) => Directory.GetFiles(shop[".tandem/default/log"], "*.jsonl")
        .Min(static path => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture));
}
