using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Registry;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>A folder with a small system whose events lie in a CSV file, and a look at its store with the rooms' own
/// readers, while no program has it open.</summary>
internal sealed class Shop : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RealS3? _s3;

    /// <summary>Writes the design and the data.</summary>
    /// <param name="users">People of two tastes.</param>
    /// <param name="turns">Purchases of each.</param>
    /// <param name="epochs">How long a training run takes.</param>
    /// <param name="s3">Where its objects lie; null for the folder.</param>
    /// <param name="file">Name of the data's file, packed where it ends in <c>.zst</c>.</param>
    public Shop(
        int users = 40, int turns = 10, int epochs = 3, RealS3? s3 = null, string file = "purchases.csv")
    {
        _s3 = s3;
        Rows = users * turns;
        File.WriteAllText(_folder["tandem.yaml"], $$"""
            name: shop
            objective:
              task: retrieval
              label: purchase
            sources:
              purchase:
                entities: [user, item]
                import:
                  format: csv
                  files: {{file}}
                  columns: {user: customer, item: product, time: at}
            model:
              retrieve: {kind: ials, factors: 16, epochs: {{epochs}}}
            training:
              split: leave-last-out
            evaluation:
              metrics: [recall@5, ndcg@5]
              gate: {metric: ndcg@5}
            """);
        if (s3 is not null)
        {
            File.AppendAllText(_folder["tandem.yaml"], $"\nstore: {s3.Store}\n");
        }

        StringBuilder csv = new("customer,product,at\n");
        for (int n = 0; n < Rows; n++)
        {
            (int user, int turn) = (n % users, n / users);
            int item = (((user * 7) + (turn * 4)) % 15 * 2) + (user % 2);
            DateTime at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(turn * 12).AddSeconds(user);
            csv.Append(CultureInfo.InvariantCulture, $"c{user},p{item},{at:yyyy-MM-ddTHH:mm:ss}Z\n");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(csv.ToString());
        File.WriteAllBytes(
            _folder[file], file.EndsWith(".zst", StringComparison.Ordinal) ? ZstdFrame.Of(bytes) : bytes);
    }

    /// <summary>Rows of the file, all of them good.</summary>
    public int Rows { get; }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    private IObjectStore Store => new FolderStore(_folder[".tandem"]);

    public Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(Path, Environment, arguments);

    /// <summary>Starts its service.</summary>
    public Task<RunningService> UpAsync() => RunningService.StartAsync(Path, Environment);

    private IReadOnlyDictionary<string, string?> Environment =>
        _s3?.Environment ?? new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Ids of the events in the raw log, repetitions included.</summary>
    public async Task<List<string>> LogAsync()
    {
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = _folder[".tandem/default/log"] }, TimeProvider.System);
        List<string> ids = [];
        await foreach (JournalBatch batch in journal.ReadAsync(journal.Begin))
        {
            ids.AddRange(batch.Events.Select(record => record.Id));
        }

        return ids;
    }

    /// <summary>Ids of the events in the lake, repetitions included.</summary>
    public async Task<List<string>> LakeAsync()
    {
        LakeTable table = new() { Name = "purchase", Entities = ["user", "item"], Columns = [], HasTimes = true };
        using ParquetLake lake = await ParquetLake.OpenAsync(
            Store.Under(new StoreLayout().Lake), [table], new LakeOptions());
        using LakeSnapshot snapshot = await lake.SnapshotAsync();
        using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "purchase", Columns = ["event_id"] });
        List<string> ids = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                ids.Add(reader.Text(0, row)!);
            }
        }

        return ids;
    }

    /// <summary>The champion, every byte of its artifacts read and checked; null where there is none.</summary>
    public async Task<ModelVersion?> ChampionAsync()
    {
        ModelRegistry registry = new(Store.Under(new StoreLayout().Registry), TimeProvider.System);
        AliasChange? alias = await registry.AliasAsync("shop", "champion");
        if (alias is null)
        {
            return null;
        }

        ModelVersion? champion = await registry.FindAsync("shop", "champion");
        Assert.NotNull(champion);
        foreach (ModelArtifact artifact in champion.Artifacts)
        {
            await using Stream stream = await registry.OpenArtifactAsync(champion, artifact.Name);
            await stream.CopyToAsync(Stream.Null);
        }

        return champion;
    }

    public void Dispose() => _folder.Dispose();
}
