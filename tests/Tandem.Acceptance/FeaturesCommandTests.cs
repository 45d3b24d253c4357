using System.Globalization;
using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>Training sets from the terminal: built, listed, shown, compared, searched for leaks.</summary>
public sealed class FeaturesCommandTests : IAsyncLifetime, IDisposable
{
    private const int Users = 40;
    private const int Days = 10;

    private static readonly string[] Window = ["--from", "2026-01-04", "--to", "2026-01-10", "--as-of", "2026-01-20"];

    private readonly TestFolder _folder = new();

    public async Task InitializeAsync()
    {
        WriteSpec("7d");
        await File.WriteAllTextAsync(_folder["notes.csv"], "user\nu1\n");
        await using (FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = _folder[".tandem/default/log"] }, TimeProvider.System))
        {
            await journal.AppendAsync([.. Events()]);
        }

        // Brings the log into the lake, what was in it before too.
        (await RunAsync("import")).Expect(0);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ASet_IsBuiltListedAndShown_ForPeopleAndForMachines()
    {
        using JsonDocument built = await JsonAsync(0, ["features", "build", .. Window, "--json"]);
        string hash = HashOf(built);
        using JsonDocument list = await JsonAsync(0, "features", "ls", "--json");
        string listed = (await RunAsync("features", "ls")).Expect(0).Output;
        using JsonDocument shown = await JsonAsync(0, "features", "show", hash["sha256:".Length..][..6], "--json");
        string told = (await RunAsync("features", "show", hash)).Expect(0).Output;
        CommandResult unknown = await RunAsync("features", "show", "ffffff");

        JsonElement set = built.RootElement.GetProperty("set");
        Assert.Equal(6 * Users, set.GetProperty("description").GetProperty("rows").GetInt32());
        Assert.Equal(0.6, set.GetProperty("label_rate").GetDouble(), 0.05);
        Assert.Equal(0, built.RootElement.GetProperty("immature").GetInt64());
        Assert.Empty(built.RootElement.GetProperty("leaks").EnumerateArray());
        Assert.Equal(hash, Assert.Single(list.RootElement.GetProperty("sets").EnumerateArray()).GetProperty("hash").GetString());
        Assert.Contains(hash["sha256:".Length..][..12], listed, StringComparison.Ordinal);
        Assert.Equal(
            ["prices:spent", "purchases:recent"],
            shown.RootElement.GetProperty("columns").EnumerateArray().Select(static c => c.GetProperty("name").GetString()!),
            StringComparer.Ordinal);
        Assert.Equal(
            "count",
            shown.RootElement.GetProperty("description").GetProperty("definitions").GetProperty("purchases")
                .GetProperty("recent.operator").GetString());
        Assert.Contains("purchases:recent", told, StringComparison.Ordinal);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("WSP069", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangedView_IsComputedAlone_AndDiffSaysWhatChanged()
    {
        using JsonDocument before = await JsonAsync(0, ["features", "build", .. Window, "--json"]);
        string first = HashOf(before);
        WriteSpec("3d");

        string told = (await RunAsync(["features", "build", .. Window])).Expect(0).Output;
        using JsonDocument again = await JsonAsync(0, ["features", "build", .. Window, "--json"]);
        using JsonDocument anew = await JsonAsync(0, ["features", "build", .. Window, "--anew", "--json"]);
        string second = HashOf(again);
        using JsonDocument difference = await JsonAsync(1, "features", "diff", first, second, "--json");
        string differs = (await RunAsync("features", "diff", first, second)).Expect(1).Output;
        string agrees = (await RunAsync("features", "diff", first, first)).Expect(0).Output;

        Assert.Contains($"Taken over from {first["sha256:".Length..][..12]}: prices.", told, StringComparison.Ordinal);
        Assert.Contains("Computed: purchases.", told, StringComparison.Ordinal);
        Assert.Equal(
            ["prices", "purchases"],
            again.RootElement.GetProperty("reused").EnumerateObject().Select(static p => p.Name), StringComparer.Ordinal);
        Assert.Empty(anew.RootElement.GetProperty("reused").EnumerateObject());
        Assert.Equal(second, HashOf(anew));
        JsonElement view = Assert.Single(difference.RootElement.GetProperty("views").EnumerateArray());
        Assert.Equal(
            """{"key":"recent.window","before":"7d","after":"3d"}""",
            Assert.Single(view.GetProperty("changes").EnumerateArray()).GetRawText());
        Assert.Equal(6 * Users, difference.RootElement.GetProperty("shared").GetInt32());
        Assert.Contains("recent.window: 7d → 3d", differs, StringComparison.Ordinal);
        Assert.Contains("The sets agree.", agrees, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SavesNothing_AndEndsWith1WhereThereIsALeak()
    {
        string clean = (await RunAsync(["features", "check", .. Window])).Expect(0).Output;
        WriteSpec("7d", mostAlone: 0.55);
        using JsonDocument leaking = await JsonAsync(1, ["features", "check", .. Window, "--json"]);
        string told = (await RunAsync(["features", "check", .. Window])).Expect(1).Output;
        using JsonDocument list = await JsonAsync(0, "features", "ls", "--json");

        Assert.Contains("No leak found.", clean, StringComparison.Ordinal);
        Assert.Contains(
            "purchases:recent",
            leaking.RootElement.GetProperty("leaks").EnumerateArray().Select(static l => l.GetProperty("column").GetString()!),
            StringComparer.Ordinal);
        Assert.Contains("leak purchases:recent", told, StringComparison.Ordinal);
        Assert.Empty(list.RootElement.GetProperty("sets").EnumerateArray());
    }

    // Half of the people buy all they are shown, the others now and then; all of it known as it happened.
    private static IEnumerable<EventRecord> Events()
    {
        for (int day = 0; day < Days; day++)
        {
            for (int user = 0; user < Users; user++)
            {
                DateTimeOffset at = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero).AddDays(day).AddMinutes(user);
                EventRecord shown = new()
                {
                    Id = $"s{user}-{day}",
                    Type = "shown",
                    RequestId = $"r{user}-{day}",
                    Entities = [new EntityKey("user", $"u{user}"), new EntityKey("item", $"i{(user * 7) + day}")],
                    EventTime = at,
                    KnownTime = at,
                };
                yield return shown;
                if (user % 2 == 0 || (user + day) % 5 == 0)
                {
                    yield return shown with
                    {
                        Id = $"p{user}-{day}",
                        Type = "purchase",
                        EventTime = at.AddMinutes(7),
                        KnownTime = at.AddMinutes(7),
                        Data = Encoding.UTF8.GetBytes($$"""{"price":{{user + day}}}"""),
                    };
                }
            }
        }
    }

    private static string HashOf(JsonDocument built) =>
        built.RootElement.GetProperty("set").GetProperty("hash").GetString()!;

    private void WriteSpec(string window, double mostAlone = 0.95) => File.WriteAllText(_folder["tandem.yaml"], string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        name: shop
        objective:
          task: retrieval
          label: {event: purchase, impression: shown, window: 1d}
        sources:
          shown: [user, item]
          purchase:
            entities: [user, item]
            columns: {price: number}
          note:
            entities: [user]
            times: false
            import: {format: csv, files: notes.csv}
        features:
          purchases:
            entity: user
            source: purchase
            aggregates:
              recent: count over {{window}}
          prices:
            entity: user
            source: purchase
            aggregates:
              spent: sum price over 5d
        model:
          retrieve: {kind: ials, factors: 4, epochs: 2}
        training:
          split: leave-last-out
          most_alone: {{mostAlone}}
        evaluation: {metrics: [recall@5, ndcg@5], gate: {metric: ndcg@5} }
        """));

    private async Task<JsonDocument> JsonAsync(int code, params string[] arguments) =>
        JsonDocument.Parse((await RunAsync(arguments)).Expect(code).Output);

    private Task<CommandResult> RunAsync(params string[] arguments) => CommandLine.RunAsync(_folder.Path, arguments);
}
