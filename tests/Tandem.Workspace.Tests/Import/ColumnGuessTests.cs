using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tests.Import;

public sealed class ColumnGuessTests : IAsyncLifetime, IDisposable
{
    private readonly ImportBench _bench = new();

    public Task InitializeAsync() => _bench.OpenAsync();

    public Task DisposeAsync() => _bench.CloseAsync();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("csv", "userId,movieId,Stars,timestamp\n7,9,4,1767323045\n", "user = userId, item = movieId, time = timestamp, stars = Stars")]
    [InlineData("csv", "Product ID;stars;customer_id;bought\n9;4;7;2026-01-02 03:04:05\n", "user = customer_id, item = Product ID, time = bought")]
    [InlineData("tsv", "user\titem\tstars\ttime\n7\t9\t4\t1767323045\n", "")]
    [InlineData("jsonl", "\n{\"stars\":4,\"USER_ID\":7,\"asin\":\"9\",\"seen\":1767323045000,\"tags\":[1]}\n", "user = USER_ID, item = asin, time = seen")]
    public async Task AFileWithOtherNames_IsUnderstoodAndSaysHow(string format, string content, string guesses)
    {
        _bench.Write("rows", content);

        ImportResult result = await _bench.ImportAsync(Unmapped(format));

        EventRecord record = Assert.Single(await _bench.EventsAsync());
        Assert.Equal("7>9", string.Join('>', record.Entities.Select(key => key.Id)));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), record.EventTime);
        Assert.Equal("""{"part":"all","stars":4}""", System.Text.Encoding.UTF8.GetString(record.Data.Span));
        Assert.Equal(guesses, string.Join(", ", result.Guesses.Select(guess => $"{guess.Field} = {guess.Column}")));
        Assert.All(result.Guesses, guess => Assert.Equal(("rating", "rows"), (guess.Source, guess.File)));
    }

    [Theory]
    [InlineData("customer,member,item,stars,time", "user")]
    [InlineData("user,product,video,stars,time", "item")]
    [InlineData("user,item,stars,began,ended", "time")]
    [InlineData("owner,item,stars,time,x", "user")]
    public async Task WhatIsAsLikelyAsAnother_IsNotGuessed(string header, string field)
    {
        _bench.Write("rows", $"{header}\n7,9,4,2026-01-01,2026-01-01\n");

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => _bench.ImportAsync(Unmapped("csv")));

        Assert.Equal("WSP104", refused.Fault.Code);
        Assert.Contains($"from which '{field}' is to come", refused.Fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv", "user_id,item,stars,time\n")]
    [InlineData("jsonl", "\n\n")]
    public async Task AFileWithoutRows_GivesNoEvent(string format, string content)
    {
        _bench.Write("rows", content);

        ImportResult result = await _bench.ImportAsync(Unmapped(format));

        Assert.Equal((0, 0), (result.EventCount, result.RejectedCount));
    }

    [Fact]
    public async Task WhereTheDesignMapsAColumn_NothingIsGuessed()
    {
        _bench.Write("rows", "userId,item,stars,at\n7,9,4,2026-01-01\n");
        SourceSpec source = Unmapped("csv");
        Dictionary<string, string> columns = new(StringComparer.Ordinal) { ["time"] = "at" };

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => _bench.ImportAsync(source with { Import = source.Import! with { Columns = columns } }));

        Assert.Equal("WSP104", refused.Fault.Code);
    }

    private static SourceSpec Unmapped(string format) => new()
    {
        Entities = ["user", "item"],
        Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
        {
            ["stars"] = new ColumnSpec { Type = ColumnType.Number, IsRequired = true },
        },
        Import = new ImportSpec
        {
            Format = format,
            Files = new Dictionary<string, string>(StringComparer.Ordinal) { ["all"] = "rows" },
        },
    };
}
