using System.Globalization;
using System.Text;
using Tandem.Faults;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Events.Tests;

public sealed class QuarantineTests : IDisposable
{
    // Samples.Moment in microseconds since 1970.
    private static readonly string Name =
        ((Samples.Moment - DateTimeOffset.UnixEpoch).Ticks / 10).ToString("D20", CultureInfo.InvariantCulture);

    private readonly TestFolder _folder = new();
    private readonly ManualClock _clock = new(Samples.Moment);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_ThenList_GivesTheRowsWithTheMomentOfTheAppend()
    {
        Quarantine quarantine = Open();
        QuarantinedRow sent = Row("play", "{\"id\":");
        QuarantinedRow imported = Row("rating", "1;x;3") with { File = "ratings.csv", Line = 12 };

        await quarantine.AppendAsync([sent, imported]);

        Assert.Equal(
            [
                sent with { Time = Samples.Moment, Row = 1, Id = $"{Name}:1" },
                imported with { Time = Samples.Moment, Row = 2, Id = $"{Name}:2" },
            ],
            await quarantine.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Count_AddsUpAllAppends()
    {
        Quarantine quarantine = Open();
        Assert.Equal(0, await quarantine.CountAsync());

        await quarantine.AppendAsync([Row("a", "1"), Row("a", "2")]);
        await quarantine.AppendAsync([Row("b", "3")]);
        await quarantine.AppendAsync([Row("b", "4")]);
        await quarantine.AppendAsync([]);

        Assert.Equal(4, await quarantine.CountAsync());
        List<string> texts = await quarantine.ListAsync().Select(row => row.Text).ToListAsync();
        Assert.Equal("1234", string.Concat(texts.Order(StringComparer.Ordinal)));
        Assert.Equal(2, await quarantine.ListAsync("b").CountAsync());
    }

    [Fact]
    public async Task Fields_AreKept_UnlessTheTextIsCut()
    {
        Quarantine quarantine = Open();
        QuarantinedFields fields = new()
        {
            Format = "csv",
            Part = "all",
            Position = 2,
            Columns = ["a", "b"],
            Values = ["1", null],
            Moments = [null, "2026-01-01"],
        };

        await quarantine.AppendAsync(
            [Row("a", "1,") with { Fields = fields }, Row("a", new string('x', 20_000)) with { Fields = fields }]);

        List<QuarantinedRow> rows = await quarantine.ListAsync().ToListAsync();
        Assert.Equivalent(fields, rows[0].Fields, strict: true);
        Assert.Equal((null, true), (rows[1].Fields, rows[1].IsPartial));
    }

    [Fact]
    public async Task Renew_ChangesTheReasonAlone_AndNoOtherRow()
    {
        Quarantine quarantine = Open();
        await quarantine.AppendAsync([Row("a", "1"), Row("a", "2")], "x");
        await quarantine.AppendAsync([Row("a", "3")], "y");
        List<QuarantinedRow> before = await quarantine.ListAsync().ToListAsync();
        Fault fault = new("WSP106", "of today", "");

        await quarantine.RenewAsync(new Dictionary<string, Fault>(StringComparer.Ordinal) { ["x:2"] = fault, ["z:1"] = fault });

        Assert.Equal(
            [before[0], before[1] with { Code = "WSP106", Message = "of today" }, before[2]],
            await quarantine.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Erase_FindsAPersonInTheFieldsToo()
    {
        Quarantine quarantine = Open();
        QuarantinedFields fields = new() { Format = "csv", Part = "all", Columns = ["a"], Values = ["say \"u1\""] };
        await quarantine.AppendAsync([Row("a", "escaped") with { Fields = fields }, Row("a", "2")]);

        Assert.Equal(1, await quarantine.EraseAsync(new ErasedPerson("user", "say \"u1\"")));
        Assert.Equal("2", (await quarantine.ListAsync().SingleAsync()).Text);
    }

    [Fact]
    public async Task Append_OfANameAgain_ChangesNothing()
    {
        Quarantine quarantine = Open();

        await quarantine.AppendAsync([Row("a", "1")], "import-1");
        await quarantine.AppendAsync([Row("a", "1")], "import-1");

        Assert.Equal(1, await quarantine.CountAsync());
    }

    [Fact]
    public async Task Append_OfALongText_CutsItBetweenCharacters()
    {
        Quarantine quarantine = Open();

        await quarantine.AppendAsync([Row("a", "x" + new string('ü', Quarantine.MaxTextBytes))]);

        QuarantinedRow row = Assert.Single(await quarantine.ListAsync().ToListAsync());
        string text = row.Text;
        Assert.True(row.IsPartial);
        Assert.Equal(Quarantine.MaxTextBytes - 1, Encoding.UTF8.GetByteCount(text));
        Assert.Equal("x" + new string('ü', (Quarantine.MaxTextBytes - 2) / 2), text);
    }

    [Fact]
    public async Task Append_OfHalfACharacter_IsKeptReadable()
    {
        Quarantine quarantine = Open();

        await quarantine.AppendAsync([Row("a", "x\ud83d\n\0")]);

        Assert.Equal("x\ufffd\n\0", Assert.Single(await quarantine.ListAsync().ToListAsync()).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"format\":\"tandem.quarantine\",\"version\":2}\n")]
    [InlineData("{\"format\":\"tandem.quarantine\",\"version\":1}\n{\"code\":\"x\"")]
    [InlineData("{\"format\":\"tandem.quarantine\",\"version\":1}\n{\"code\":\"x\"}\n")]
    [InlineData("{\"format\":\"tandem.quarantine\",\"version\":1}\nnull\n")]
    public async Task List_OfADamagedObject_NamesIt(string content)
    {
        FolderStore store = new(_folder.Path);
        await store.PutAsync("broken-1.jsonl", Samples.Json(content));

        TandemException damaged = await Assert.ThrowsAsync<TandemException>(async () =>
            await new Quarantine(store, _clock).ListAsync().ToListAsync());

        Assert.Equal(("EVT010", "broken-1.jsonl"), (damaged.Fault.Code, damaged.Fault.Place));
    }

    private static QuarantinedRow Row(string source, string text) =>
        new() { Code = "EVT001", Message = "The text is not an event.", Source = source, Text = text };

    private Quarantine Open() => new(new FolderStore(_folder.Path), _clock);
}
