using System.IO.Compression;
using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tests.Import;

public sealed class FileImportTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private FileJournal? _journal;
    private Quarantine? _quarantine;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder["data"]);
        FileJournalOptions options = new() { Folder = _folder["log"], Durability = Durability.None };
        _journal = await FileJournal.OpenAsync(options, TimeProvider.System);
        _quarantine = new Quarantine(new FolderStore(_folder["quarantine"]));
    }

    public async Task DisposeAsync()
    {
        await _journal!.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Adjacency_GivesOneEventAPairInOrder()
    {
        Write("train.txt", "u1 i1 i2\nu2\n\n  u3\ti3 \r\nu1 i1");
        Write("test.txt.gz", "u1 i9\n");

        ImportResult result = await ImportAsync(Pairs(("train", "train.txt"), ("test", "test.txt.gz")));

        Assert.Equal((5, 0), (result.EventCount, result.RejectedCount));
        Assert.Equal(
            "u1>i9 test; u1>i1 train; u1>i2 train; u3>i3 train; u1>i1 train",
            string.Join("; ", (await EventsAsync()).Select(Describe)));
        Assert.All(await EventsAsync(), record => Assert.Null(record.EventTime));
    }

    [Fact]
    public async Task Import_Again_AddsNoEvent()
    {
        Write("train.txt", "u1 i1 i2\nu2 i1\n");
        Write("bad.csv", "user,item,stars,at\nu1,i1,five,2026-01-01\n");
        await ImportAsync(Pairs(("all", "train.txt")));
        await ImportAsync(Table("csv", "bad.csv"));
        string before = string.Join(' ', (await EventsAsync()).Select(record => record.Id));

        await ImportAsync(Pairs(("all", "train.txt")));
        await ImportAsync(Table("csv", "bad.csv"));

        Assert.Equal(before, string.Join(' ', (await EventsAsync()).Select(record => record.Id)));
        Assert.Equal(1, await _quarantine!.CountAsync());
    }

    [Fact]
    public async Task Adjacency_WithIdsThatAreNone_PutsThemIntoQuarantine()
    {
        byte[] bytes = [.. "u1 i1 "u8, 0xFF, .. " i3\nu2 "u8, .. Encoding.UTF8.GetBytes(new string('x', 300)), .. "\n"u8];
        await File.WriteAllBytesAsync(Path.Combine(_folder["data"], "x.txt"), bytes);

        ImportResult result = await ImportAsync(Pairs(("all", "x.txt")));

        Assert.Equal((2, 2), (result.EventCount, result.RejectedCount));
        Assert.Equal("u1>i1 all; u1>i3 all", string.Join("; ", (await EventsAsync()).Select(Describe)));
        List<QuarantinedRow> refused = await _quarantine!.ListAsync().ToListAsync();
        Assert.Equal(("WSP106", "x.txt", 1L), (refused[0].Code, refused[0].File, refused[0].Line));
        Assert.Equal(("EVT003", "x.txt", 2L), (refused[1].Code, refused[1].File, refused[1].Line));
    }

    [Theory]
    [InlineData("csv", "user,item,stars,at,tags\nu1,\"i,1\",4.5,2026-01-02T03:04:05Z,a|b\n")]
    [InlineData("csv", "tags;stars;at;item;user\n\"a|b\";4.5;2026-01-02 03:04:05;\"i,1\";u1\n")]
    [InlineData("tsv", "user\titem\tstars\tat\ttags\nu1\ti,1\t4.5\t1767323045\ta|b\n")]
    [InlineData("jsonl", "\n{\"user\":\"u1\",\"item\":\"i,1\",\"stars\":4.5,\"at\":1767323045000,\"tags\":[\"a\",\"b\"],\"more\":{}}\n")]
    public async Task EveryFormat_GivesTheSameEvent(string format, string content)
    {
        Write("rows", content);

        await ImportAsync(Table(format, "rows"));

        EventRecord record = Assert.Single(await EventsAsync());
        Assert.Equal("u1>i,1", string.Join('>', record.Entities.Select(key => key.Id)));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), record.EventTime);
        Assert.Equal("""{"part":"all","stars":4.5,"tags":["a","b"]}""", Encoding.UTF8.GetString(record.Data.Span));
    }

    [Theory]
    [InlineData("csv", "user,item,stars,at,tags\nu1,i1,4,2026-01-02,\n")]
    [InlineData("tsv", "user\titem\tstars\tat\ttags\nu1\ti1\t4\t2026-01-02\t\n")]
    [InlineData("jsonl", "{\"user\":\"u1\",\"item\":\"i1\",\"stars\":4,\"at\":\"2026-01-02\"}\n")]
    public async Task EveryFormat_PackedWithGzip_GivesTheSameEvent(string format, string content)
    {
        Write("rows", content);
        Write("rows.gz", content);

        await ImportAsync(Table(format, "rows"));
        EventRecord plain = Assert.Single(await EventsAsync());
        SourceSpec packed = Table(format, "rows.gz");
        await ImportAsync(packed, name: "packed");

        EventRecord unpacked = (await EventsAsync())[1];
        Assert.Equal(plain.Entities, unpacked.Entities);
        Assert.Equal(plain.EventTime, unpacked.EventTime);
        Assert.Equal(plain.Data.ToArray(), unpacked.Data.ToArray());
    }

    [Fact]
    public async Task Parquet_GivesWhatWasWrittenIntoIt()
    {
        Write("rows", "{\"user\":\"u1\",\"item\":\"i,1\",\"stars\":4.5,\"at\":\"2026-01-02T03:04:05Z\",\"tags\":[\"a\",\"b|c\"]}\n");
        await ImportAsync(Table("jsonl", "rows"));
        string parquet = await CompactAsync();
        File.Copy(parquet, Path.Combine(_folder["data"], "rows.parquet"));
        SourceSpec source = Table("parquet", "rows.parquet");

        await ImportAsync(source with
        {
            Import = source.Import! with
            {
                Columns = new Dictionary<string, string>(StringComparer.Ordinal) { ["time"] = "event_time" },
                Files = new Dictionary<string, string>(StringComparer.Ordinal) { ["train"] = "rows.parquet" },
            },
        });

        List<EventRecord> events = await EventsAsync();
        Assert.Equal(2, events.Count);
        Assert.Equal(events[0].Entities, events[1].Entities);
        Assert.Equal(events[0].EventTime, events[1].EventTime);
        Assert.Equal("""{"part":"train","stars":4.5,"tags":["a","b|c"]}""", Encoding.UTF8.GetString(events[1].Data.Span));
    }

    [Fact]
    public async Task Parquet_WithColumnsOfOtherNames_IsGuessedByNameAndReadByType()
    {
        await _journal!.AppendAsync(
        [
            new EventRecord
            {
                Id = "1",
                Type = "rating",
                Entities = [new("viewer_id", "u1"), new("Movie-ID", "i1")],
                EventTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                Data = Encoding.UTF8.GetBytes("""{"stars":4.5,"tags":["a","b|c"]}"""),
            },
        ]);
        File.Copy(await CompactAsync("viewer_id", "Movie-ID"), Path.Combine(_folder["data"], "rows.parquet"));
        SourceSpec source = Table("parquet", "rows.parquet");

        ImportResult result = await ImportAsync(source with
        {
            Import = source.Import! with { Columns = new Dictionary<string, string>(StringComparer.Ordinal) },
        });

        Assert.Equal(
            "user = viewer_id, item = Movie-ID, time = event_time",
            string.Join(", ", result.Guesses.Select(static guess => $"{guess.Field} = {guess.Column}")));
        EventRecord read = (await EventsAsync())[^1];
        Assert.Equal([new EntityKey("user", "u1"), new EntityKey("item", "i1")], read.Entities);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), read.EventTime);
        Assert.Equal("""{"part":"all","stars":4.5,"tags":["a","b|c"]}""", Encoding.UTF8.GetString(read.Data.Span));
    }

    [Theory]
    [InlineData("u1,,4,2026-01-01,", "'item' is missing")]
    [InlineData("u1,i1,five,2026-01-01,", "'stars' is not a number: 'five'")]
    [InlineData("u1,i1,9,2026-01-01,", "'stars' is outside 1 to 5: '9'")]
    [InlineData("u1,i1,,2026-01-01,", "'stars' is missing: ''")]
    [InlineData("u1,i1,NaN,2026-01-01,", "'stars' is not a number: 'NaN'")]
    [InlineData("u1,i1,4,yesterday,", "'time' is not a moment: 'yesterday'")]
    [InlineData("u1,i1,4,,", "'time' is missing")]
    [InlineData("u1,i1,4", "it has 3 fields where the first line has 5")]
    public async Task ABadRow_GoesIntoQuarantineWithFileLineAndReason(string row, string reason)
    {
        Write("rows.csv", $"user,item,stars,at,tags\nu0,i0,1,2026-01-01,\n{row}\nu2,i2,5,2026-01-01,x\n");

        ImportResult result = await ImportAsync(Table("csv", "rows.csv"));

        QuarantinedRow refused = Assert.Single(await _quarantine!.ListAsync().ToListAsync());
        Assert.Equal((2, 1), (result.EventCount, result.RejectedCount));
        Assert.Equal(("WSP106", "rating", "rows.csv", 3L, row), (refused.Code, refused.Source, refused.File, refused.Line, refused.Text));
        Assert.Equal(reason, refused.Message);
    }

    [Fact]
    public async Task BadJsonLines_GoIntoQuarantine()
    {
        string good = """{"user":"u","item":"i","stars":1,"at":"2026-01-01"}""";
        Write("rows", $"{good}\n[1]\n{{\"user\":\n{good} x\n\n{good}\n");

        await ImportAsync(Table("jsonl", "rows"));

        Assert.Equal([2L, 3L, 4L], (await _quarantine!.ListAsync().ToListAsync()).Select(row => row.Line!.Value));
        Assert.Equal(2, (await EventsAsync()).Count);
    }

    [Fact]
    public async Task Csv_WithoutHeader_TakesTheFieldsInOrder()
    {
        Write("rows.csv", "u1,i1,2026-01-01,4,x\nu2,i2,2026-01-02,5,y\n");
        SourceSpec source = Table("csv", "rows.csv");

        await ImportAsync(source with
        {
            Import = source.Import! with { HasHeader = false, Columns = new Dictionary<string, string>(StringComparer.Ordinal) },
        });

        Assert.Equal("u1>i1 all; u2>i2 all", string.Join("; ", (await EventsAsync()).Select(Describe)));
    }

    [Fact]
    public async Task AMissingColumn_NamesThoseThereAre()
    {
        Write("rows.csv", "user,stuff,stars,at\nu1,i1,4,2026-01-01\n");

        TandemException missing = await Assert.ThrowsAsync<TandemException>(() => ImportAsync(Table("csv", "rows.csv")));

        Assert.Equal("WSP104", missing.Fault.Code);
        Assert.Equal("one of: user, stuff, stars, at", missing.Fault.Expected);
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("/etc/hostname")]
    [InlineData("a/../../secret.txt")]
    [InlineData("link.txt")]
    [InlineData("..")]
    [InlineData(".")]
    public async Task AFileName_NeverLeadsOutsideTheDataFolder(string name)
    {
        await File.WriteAllTextAsync(_folder["secret.txt"], "u1 i1\n");
        File.CreateSymbolicLink(Path.Combine(_folder["data"], "link.txt"), _folder["secret.txt"]);

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => ImportAsync(Pairs(("all", name))));

        Assert.Equal("WSP102", refused.Fault.Code);
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task AMissingFile_SaysSoBeforeAnythingIsImported()
    {
        Write("train.txt", "u1 i1\n");

        TandemException missing = await Assert.ThrowsAsync<TandemException>(() =>
            ImportAsync(Pairs(("train", "train.txt"), ("test", "test.txt"))));

        Assert.Equal(("WSP103", FaultKind.NotFound), (missing.Fault.Code, missing.Fault.Kind));
        Assert.Empty(await EventsAsync());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("adjacency")]
    public async Task AFileThatIsNotPacked_SaysSo(string format)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder["data"], "x.gz"), "this is no gzip");

        TandemException unreadable = await Assert.ThrowsAsync<TandemException>(() =>
            ImportAsync(format == "csv" ? Table("csv", "x.gz") : Pairs(("all", "x.gz"))));

        Assert.Equal(("WSP105", FaultKind.Damaged), (unreadable.Fault.Code, unreadable.Fault.Kind));
    }

    [Fact]
    public async Task ASourceWithoutImport_SaysSo()
    {
        TandemException refused = await Assert.ThrowsAsync<TandemException>(() =>
            ImportAsync(new SourceSpec { Entities = ["user"] }));

        Assert.Equal("WSP101", refused.Fault.Code);
    }

    [Fact]
    public async Task Progress_EndsWithEverything()
    {
        Write("train.txt", string.Concat(Enumerable.Range(0, 10_000).Select(i => $"u{i} a b c\n")));
        List<ImportProgress> reports = [];

        ImportResult result = await ImportAsync(Pairs(("all", "train.txt")), new Collector(reports));

        Assert.True(reports.Count > 2);
        Assert.Equal((30_000, 0), (reports[^1].EventCount, reports[^1].RejectedCount));
        Assert.Equal(reports[^1].BytesTotal, reports[^1].BytesRead);
        Assert.Equal(30_000, result.EventCount);
        Assert.Equal(30_000, (await EventsAsync()).Count);
    }

    [SharedDataFact]
    public async Task Gowalla_GivesItsPublishedCount()
    {
        SourceSpec source = Pairs(("train", "train.txt.gz"), ("test", "test.txt.gz"));

        ImportResult result = await new FileImport(_journal!, _quarantine!, TimeProvider.System)
            .RunAsync("rating", source, SharedData.Find("data/gowalla"));

        Assert.Equal((1_027_370, 0), (result.EventCount, result.RejectedCount));
    }

    private static SourceSpec Pairs(params (string Part, string File)[] files) => new()
    {
        Entities = ["user", "item"],
        HasTimes = false,
        Import = new ImportSpec
        {
            Format = "adjacency",
            Files = files.ToDictionary(file => file.Part, file => file.File, StringComparer.Ordinal),
        },
    };

    private static SourceSpec Table(string format, string file) => new()
    {
        Entities = ["user", "item"],
        Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
        {
            ["stars"] = new ColumnSpec { Type = ColumnType.Number, IsRequired = true, Minimum = 1, Maximum = 5 },
            ["tags"] = new ColumnSpec { Type = ColumnType.TextList },
        },
        Import = new ImportSpec
        {
            Format = format,
            Files = new Dictionary<string, string>(StringComparer.Ordinal) { ["all"] = file },
            Columns = new Dictionary<string, string>(StringComparer.Ordinal) { ["time"] = "at" },
        },
    };

    private async Task<string> CompactAsync(string user = "user", string item = "item")
    {
        FolderStore store = new(_folder["lake"]);
        LakeTable table = new()
        {
            Name = "rating",
            Entities = [user, item],
            Columns = [new("stars", LakeType.Number), new("tags", LakeType.TextList), new("part", LakeType.Text)],
            HasTimes = true,
        };
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [table], new LakeOptions());
        await _journal!.SealAsync();
        await lake.CompactAsync(_journal);
        ObjectEntry file = await store.ListAsync("events/").SingleAsync();
        return await store.LocalPathAsync(file.Key);
    }

    private static string Describe(EventRecord record)
    {
        string data = Encoding.UTF8.GetString(record.Data.Span);
        string part = data.Split('"')[3];
        return $"{string.Join('>', record.Entities.Select(key => key.Id))} {part}";
    }

    private void Write(string name, string content)
    {
        using Stream file = File.Create(Path.Combine(_folder["data"], name));
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(content));
    }

    private async Task<ImportResult> ImportAsync(
        SourceSpec source, IProgress<ImportProgress>? progress = null, string name = "rating") =>
        await new FileImport(_journal!, _quarantine!, TimeProvider.System)
            .RunAsync(name, source, _folder["data"], progress: progress);

    private async Task<List<EventRecord>> EventsAsync() =>
        await _journal!.ReadAsync(_journal.Begin).SelectMany(batch => batch.Events).ToListAsync();

    private sealed class Collector(List<ImportProgress> reports) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => reports.Add(value);
    }
}
