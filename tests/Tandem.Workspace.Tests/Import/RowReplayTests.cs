using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Workspace.Tests.Import;

public sealed class RowReplayTests : IDisposable
{
    private const string Strict =
        "stars: {type: whole, min: 2, max: 3}\n                  note: {type: text, required: true, max_length: 3}";

    private const string Loose = "stars: number\n                  note: text";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("csv")]
    [InlineData("tsv")]
    [InlineData("jsonl")]
    [InlineData("libsvm")]
    [InlineData("adjacency")]
    public async Task Replay_AfterTandemYamlWasMended_IsImportUnderTheMendedOne(string format)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            string content = Content(format, seed);
            await using Run replayed = await ImportAsync($"{format}-{seed}-a", Spec(format, Strict), content);
            await using Run importedFirst = await ImportAsync($"{format}-{seed}-b", Spec(format, Strict), content);
            await using Run fresh = await ImportAsync($"{format}-{seed}-c", Spec(format, Loose), content);
            List<string> expected = await fresh.EventsAsync();
            List<string> stillRefused = await fresh.RefusedAsync();
            int refusedFirst = (await replayed.RefusedAsync()).Count;

            await replayed.MendAsync(Spec(format, Loose));
            QuarantineReplay replay = await replayed.Workspace.ReplayQuarantineAsync(QuarantineRange.All);
            QuarantineReplay again = await replayed.Workspace.ReplayQuarantineAsync(QuarantineRange.All);
            List<string> once = await replayed.EventsAsync();
            await replayed.ImportAsync();
            await importedFirst.MendAsync(Spec(format, Loose));
            await importedFirst.ImportAsync();
            await importedFirst.Workspace.ReplayQuarantineAsync(QuarantineRange.All);

            Assert.True(format == "adjacency" || refusedFirst > stillRefused.Count, $"Nothing to replay, seed {seed}");
            Assert.True(expected.SequenceEqual(once, StringComparer.Ordinal), $"Replayed: {format}, seed {seed}");
            Assert.Equal((refusedFirst - stillRefused.Count, 0L), (replay.Accepted, again.Accepted));
            Assert.True(stillRefused.SequenceEqual(
                (await replayed.RefusedAsync()).Distinct(StringComparer.Ordinal), StringComparer.Ordinal), $"Left: seed {seed}");
            Assert.True(expected.SequenceEqual(await replayed.EventsAsync(), StringComparer.Ordinal), $"Both: seed {seed}");
            Assert.True(expected.SequenceEqual(await importedFirst.EventsAsync(), StringComparer.Ordinal), $"Order: seed {seed}");
        }
    }

    [Theory]
    [InlineData("csv", "columns: {user: customer, item: product, time: note}", "columns: {user: customer, item: product, time: at}")]
    [InlineData("csv", "columns: {user: customer, item: product, time: note}", "time_format: iso")]
    [InlineData("csv", "columns: {user: long, item: product, time: at}", "columns: {user: customer, item: product, time: at}")]
    [InlineData("csv", "columns: {user: customer, item: empty, time: at}", "columns: {user: customer, item: product, time: at}")]
    [InlineData("csv", "time_format: unix_s", "columns: {user: customer, item: product, time: at}")]
    [InlineData("jsonl", "columns: {user: customer, item: product, time: note}", "time_format: iso")]
    [InlineData("jsonl", "columns: {user: customer, item: empty, time: at}", "columns: {user: customer, item: product, time: at}")]
    [InlineData("jsonl", "columns: {user: long, item: product, time: at}", "columns: {user: customer, item: product, time: at}")]
    public async Task Columns_ThatWereMappedWrongly_AreFoundInTheRowsThatWereKept(string format, string wrong, string right)
    {
        // Time is found by its name, or, under this one, by what the first row holds.
        string[] names = ["customer", "product", right == "time_format: iso" ? "moment" : "at", "note", "stars", "long", "empty"];
        string[][] rows =
        [
            ["u1", "i1", "2026-01-02", "x", "1", new string('a', 300), ""],
            ["u2", "i,\"2", "2026-01-03T04:05:06Z", "y", "2.5", new string('b', 300), ""],
            ["u3", "i3", "2026-01-04", "", "", new string('c', 300), ""],
        ];
        string content = format == "csv" ? Csv([names, .. rows]) : Json(names, rows);
        string columns = Loose.Replace("note", "remark", StringComparison.Ordinal);
        await using Run run = await ImportAsync("run", Spec(format, columns, wrong), content);
        await using Run fresh = await ImportAsync("fresh", Spec(format, columns, right), content);
        Assert.Empty(await run.EventsAsync());

        await run.MendAsync(Spec(format, columns, right));
        QuarantineReplay replay = await run.Workspace.ReplayQuarantineAsync(QuarantineRange.All);

        Assert.Equal((3L, 0L), (replay.Accepted, replay.Refused));
        Assert.Equal(3, (await fresh.EventsAsync()).Count);
        Assert.Equal(await fresh.EventsAsync(), await run.EventsAsync(), StringComparer.Ordinal);
        Assert.Empty(await run.RefusedAsync());
    }

    [Fact]
    public async Task ParquetRows_AreJudgedByTheColumnsThatWereRead()
    {
        const string Time = "columns: {time: event_time}";
        await using Run source = await ImportAsync("source", Spec("jsonl", Loose), Content("jsonl", seed: 1));
        byte[] content = await File.ReadAllBytesAsync(
            Directory.GetFiles(_folder["source"], "*.parquet", SearchOption.AllDirectories).Single());
        await using Run run = await ImportAsync("run", Spec("parquet", Strict, Time), content);
        await using Run fresh = await ImportAsync("fresh", Spec("parquet", Loose, Time), content);
        int refused = (await run.RefusedAsync()).Count;

        await run.MendAsync(Spec("parquet", Loose, "columns: {time: known_time}"));
        QuarantineReplay lacking = await run.Workspace.ReplayQuarantineAsync(QuarantineRange.All);
        await run.MendAsync(Spec("parquet", Loose, Time));
        QuarantineReplay replay = await run.Workspace.ReplayQuarantineAsync(QuarantineRange.All);

        Assert.True(refused > 0);
        Assert.Equal((0L, refused), (lacking.Accepted, lacking.Reasons["WSP108"]));
        Assert.Equal((refused, 0L), (replay.Accepted, replay.Refused));
        Assert.Equal(await fresh.EventsAsync(), await run.EventsAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task ARow_ThatIsRefusedAgain_StaysWithTheReasonOfToday()
    {
        await using Run run = await ImportAsync("run", Spec("csv", Strict), "user,item,time,stars,note\nu1,i1,2026-01-02,9,abcdef\n");
        QuarantinedRow before = await run.Workspace.QuarantinedAsync(QuarantineRange.All).SingleAsync();

        await run.MendAsync(Spec("csv", Strict.Replace("max: 3", "max: 9", StringComparison.Ordinal)));
        QuarantineReplay replay = await run.Workspace.ReplayQuarantineAsync(QuarantineRange.All);
        QuarantinedRow after = await run.Workspace.QuarantinedAsync(QuarantineRange.All).SingleAsync();

        Assert.Equal((0L, 1L, 1L), (replay.Accepted, replay.Refused, replay.Reasons["WSP106"]));
        Assert.Equal("'stars' is outside 2 to 3: '9'", before.Message);
        Assert.Equal("'note' is longer than 3: 'abcdef'", after.Message);
        Assert.Equal((before.Id, before.Text, before.Time), (after.Id, after.Text, after.Time));
    }

    [Fact]
    public async Task ASource_ThatReadsOtherwiseNow_OrIsGone_SaysSo()
    {
        string content = "user,item,time,stars,note\nu1,i1,2026-01-02,9,a\n";
        await using Run run = await ImportAsync("run", Spec("csv", Strict), content);

        await run.MendAsync(Spec("tsv", Loose));
        QuarantineReplay otherwise = await run.Workspace.ReplayQuarantineAsync(QuarantineRange.All);
        await run.MendAsync(Spec("csv", Loose).Replace("rating", "review", StringComparison.Ordinal));
        QuarantineReplay gone = await run.Workspace.ReplayQuarantineAsync(QuarantineRange.All);

        Assert.Equal("WSP108", Assert.Single(otherwise.Reasons).Key);
        Assert.Equal("WSP002", Assert.Single(gone.Reasons).Key);
        Assert.Single(await run.RefusedAsync());
    }

    [Fact]
    public async Task ARow_ThatIsTooLongToKeep_CouldNotBeCut_OrIsNoUtf8_StaysAndIsCounted()
    {
        string content = "user,item,time,stars,note\nu1,i1,2026-01-02,9," + new string('x', 20_000) + "\nu2,i2\n";
        await using Run run = await ImportAsync("run", Spec("csv", Strict), content);

        await run.MendAsync(Spec("csv", Loose));
        QuarantineReplay replay = await run.Workspace.ReplayQuarantineAsync(QuarantineRange.All);

        Assert.Equal((0L, 0L, 2L, 0L), (replay.Accepted, replay.Refused, replay.FromFiles, replay.Partial));
        Assert.Equal(2, (await run.RefusedAsync()).Count);
    }

    private static string Spec(string format, string columns, string? import = null) => $$"""
        name: small
        objective: {task: retrieval, label: rating}
        sources:
          rating:
            entities: [user, item]
            {{(format is "adjacency" or "libsvm" ? "times: false" : "times: true")}}
            {{(format == "adjacency" ? "" : "columns:\n                  " + columns)}}
            import:
              format: {{format}}
              files: rows
              {{import ?? (format == "libsvm" ? "columns: {user: comment, item: row, stars: label, note: '7'}" : "")}}
        """.Replace("                  ", "      ", StringComparison.Ordinal);

    // Rows of which some are bad under the strict columns, some under any.
    private static string Content(string format, int seed)
    {
        SeededRandom random = new((ulong)seed);
        string[] stars = ["2", "3", "3", "1", "2.5", "-7", "x", "1e400", ""];
        string[] notes = ["a", "b,c", "\"q\"", "", "long text", "ü", "\u0001"];
        string[] times = ["2026-01-02", "1767323045", "2026-01-02T03:04:05Z", "", "soon"];
        string[] ids = ["i1", "i2", new string('y', 300), ""];
        string[] names = ["user", "item", "time", "stars", "note"];
        List<string[]> rows = [];
        for (int i = 0; i < 40; i++)
        {
            rows.Add(
            [
                $"u{i}", Pick(ref random, ids), Pick(ref random, times), Pick(ref random, stars), Pick(ref random, notes),
            ]);
        }

        return format switch
        {
            "csv" => Csv([names, .. rows]),
            "tsv" => string.Concat(rows.Prepend(names).Select(static row => string.Join('\t', row) + "\n")),
            "jsonl" => Json(names, [.. rows]) + "[1]\n{\n",
            "libsvm" => string.Concat(rows.Select(static (row, i) =>
                $"{(row[3].Length == 0 ? "3" : row[3])} 1:{i} 7:{row[3].Length}e{(i % 3) * 2} # u{i}\n")),
            _ => string.Concat(rows.Select(static row => $"{row[0]} {row[1]} {row[3]}\n")),
        };
    }

    private static string Csv(IEnumerable<string[]> rows) => string.Concat(rows.Select(static row =>
        string.Join(',', row.Select(static value => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n"));

    private static string Json(string[] names, string[][] rows) => string.Concat(rows.Select((row, at) =>
        $"{{{string.Join(',', row.Select((value, i) => $"\"{names[i]}\":{Value(value, at)}"))}}}\n"));

    // Some numbers as numbers, some empty texts as null.
    private static string Value(string text, int at) =>
        text.Length == 0 ? "null"
        : at % 2 == 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) &&
            double.IsFinite(number) ? text
        : System.Text.Json.JsonSerializer.Serialize(text);

    private static string Pick(ref SeededRandom random, string[] from) => from[random.NextInt(from.Length)];

    private Task<Run> ImportAsync(string name, string spec, string content) =>
        ImportAsync(name, spec, Encoding.UTF8.GetBytes(content));

    private async Task<Run> ImportAsync(string name, string spec, byte[] content)
    {
        string folder = Directory.CreateDirectory(_folder[name]).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "rows"), content);
        Run run = new(folder);
        await run.MendAsync(spec);
        await run.ImportAsync();
        return run;
    }

    /// <summary>A system in a folder.</summary>
    private sealed class Run(string folder) : IAsyncDisposable
    {
        public TandemWorkspace Workspace { get; private set; } = null!;

        public async Task MendAsync(string spec)
        {
            await DisposeAsync();
            await File.WriteAllTextAsync(Path.Combine(folder, "tandem.yaml"), spec);
            Workspace = await TandemWorkspace.OpenAsync(new WorkspaceOptions
            {
                SpecPath = Path.Combine(folder, "tandem.yaml"),
                Journal = new FileJournalOptions { Folder = "log", Durability = Durability.None },
            });
        }

        public Task<ImportSummary> ImportAsync() => Workspace.ImportAsync(folder, new Progress<(string, double)>());

        /// <summary>The log's events by id, with all that the file says about them.</summary>
        public async Task<List<string>> EventsAsync()
        {
            List<string> events = [];
            await foreach (JournalBatch batch in Workspace.Journal.ReadAsync(Workspace.Journal.Begin))
            {
                events.AddRange(batch.Events.Select(static record =>
                    $"{record.Id} {record.Type} {string.Join('>', record.Entities)} {record.EventTime:O} " +
                    Encoding.UTF8.GetString(record.Data.Span)));
            }

            events.Sort(StringComparer.Ordinal);
            return events;
        }

        public async Task<List<string>> RefusedAsync()
        {
            List<string> rows = await Workspace.Quarantine.ListAsync()
                .Select(static row => $"{row.File}:{row.Line:D4}:{row.Fields?.Position} {row.Code} {row.Message}").ToListAsync();
            rows.Sort(StringComparer.Ordinal);
            return rows;
        }

        public async ValueTask DisposeAsync()
        {
            if (Workspace is not null)
            {
                await Workspace.DisposeAsync();
            }
        }
    }
}
