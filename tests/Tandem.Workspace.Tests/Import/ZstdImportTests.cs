using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;
using Tandem.Testing;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tests.Import;

public sealed class ZstdImportTests : IAsyncLifetime, IDisposable
{
    private readonly ImportBench _bench = new();
    private readonly ImportBench _twin = new();

    public async Task InitializeAsync()
    {
        await _bench.OpenAsync();
        await _twin.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _bench.CloseAsync();
        await _twin.CloseAsync();
    }

    public void Dispose()
    {
        _bench.Dispose();
        _twin.Dispose();
    }

    [Theory]
    [InlineData("adjacency", "u1 i1 i2\r\nu2\r\n\r\n\n  u3\ti3 \nu4 i4")]
    [InlineData("csv", "user,item,stars\r\nu1,\"a\r\n\"\"b\"\"\",4\r\n\r\nu2,i2,x\nu3,i3,5")]
    [InlineData("tsv", "user\titem\tstars\nu1\ti1\t4\n\nu2\ti2\t9\n")]
    [InlineData("jsonl", "{\"user\":\"u\",\"item\":\"i\",\"stars\":1}\r\n\r\n[1]\n{\"user\":\"u\",\"item\":\"j\",\"stars\":2}")]
    [InlineData("libsvm", "4 1:1 # u1\n\n5 1:2 # u2\r\nx 1:1\n")]
    public async Task EveryFormatOfText_GivesWhatTheSameBytesGiveInGzip(string format, string content)
    {
        await AssertSameAsync(format, content, ZstdFrame.Of(Encoding.UTF8.GetBytes(content)));
    }

    [Fact]
    public async Task LongLinesInManyFrames_GiveWhatTheSameBytesGiveInGzip()
    {
        string line = string.Join(' ', Enumerable.Range(0, 60_000).Select(static i => $"item-{i}"));
        string content = $"u1 {line}\n\nu2 i1\r\n{new string('x', 70_000)} i1\nu3 {line}\n";

        await AssertSameAsync("adjacency", content, ZstdFrame.Many(Encoding.UTF8.GetBytes(content), 4000));
    }

    [Fact]
    public async Task AFilePackedWithZstd_IsKnownByItsFirstBytesUnderAnyName()
    {
        _bench.WriteBytes("rows.txt", ZstdFrame.Of("u1 i1\n"u8));

        ImportResult result = await _bench.ImportAsync(Source("adjacency", "rows.txt"));

        Assert.Equal((1, 0), (result.EventCount, result.RejectedCount));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public async Task AFileThatEndsTooEarly_SaysSo_AndTheWholeOneAddsTheRest(double share)
    {
        string content = string.Concat(Enumerable.Range(0, 40_000).Select(static i => $"u{i} i{i % 7}\n"));
        byte[] whole = ZstdFrame.Of(Encoding.UTF8.GetBytes(content));
        _bench.WriteBytes("rows.zst", whole[..(int)(whole.Length * share)]);

        TandemException early = await Assert.ThrowsAsync<TandemException>(() =>
            _bench.ImportAsync(Source("adjacency", "rows.zst")));
        int before = (await _bench.EventsAsync()).Count;
        _bench.WriteBytes("rows.zst", whole);
        await _bench.ImportAsync(Source("adjacency", "rows.zst"));

        Assert.Equal(("WSP105", FaultKind.Damaged), (early.Fault.Code, early.Fault.Kind));
        Assert.Contains("in the middle of a zstd frame", early.Fault.What, StringComparison.Ordinal);
        Assert.InRange(before, 1, 39_999);
        Assert.Equal(40_000, (await _bench.EventsAsync()).DistinctBy(static record => record.Id, StringComparer.Ordinal).Count());
        Assert.Equal(40_000, (await _bench.EventsAsync()).Count);
    }

    [Fact]
    public async Task GarbageHalfWay_SaysSo()
    {
        byte[] frame = ZstdFrame.Of("u1 i1\n"u8);
        _bench.WriteBytes("rows.zst", [.. frame, .. "garbage"u8, .. frame]);

        TandemException damaged = await Assert.ThrowsAsync<TandemException>(() =>
            _bench.ImportAsync(Source("adjacency", "rows.zst")));

        Assert.Equal(("WSP105", FaultKind.Damaged), (damaged.Fault.Code, damaged.Fault.Kind));
        Assert.Contains("Unknown frame descriptor", damaged.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNotPacked_SaysSo()
    {
        _bench.Write("rows.zst", "u1 i1\n");

        TandemException plain = await Assert.ThrowsAsync<TandemException>(() =>
            _bench.ImportAsync(Source("adjacency", "rows.zst")));

        Assert.Equal("WSP105", plain.Fault.Code);
    }

    [Fact]
    public async Task ParquetPackedAsAWhole_SaysHowToUnpackItBeforeAnythingIsImported()
    {
        _bench.WriteBytes("rows.parquet", ZstdFrame.Of("PAR1"u8));

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() =>
            _bench.ImportAsync(Source("parquet", "rows.parquet")));

        Assert.Equal(("WSP107", FaultKind.Unsupported), (refused.Fault.Code, refused.Fault.Kind));
        Assert.Contains("zstd -d rows.parquet", refused.Fault.Remedy, StringComparison.Ordinal);
    }

    private static SourceSpec Source(string format, string file) => new()
    {
        Entities = ["user", "item"],
        HasTimes = false,
        Columns = format == "adjacency"
            ? new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
            : new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
            {
                ["stars"] = new ColumnSpec { Type = ColumnType.Number, IsRequired = true, Minimum = 1, Maximum = 5 },
            },
        Import = new ImportSpec
        {
            Format = format,
            Files = new Dictionary<string, string>(StringComparer.Ordinal) { ["all"] = file },
            Columns = format != "libsvm"
                ? new Dictionary<string, string>(StringComparer.Ordinal)
                : new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["user"] = "comment",
                    ["item"] = "row",
                    ["stars"] = "label",
                },
        },
    };

    private async Task AssertSameAsync(string format, string content, byte[] packed)
    {
        _bench.WriteBytes("rows.zst", packed);
        _twin.Write("rows.gz", content);

        ImportResult result = await _bench.ImportAsync(Source(format, "rows.zst"));
        ImportResult expected = await _twin.ImportAsync(Source(format, "rows.gz"));

        Assert.True(expected.EventCount > 0);
        Assert.Equal((expected.EventCount, expected.RejectedCount), (result.EventCount, result.RejectedCount));
        Assert.Equal(
            (await _twin.EventsAsync()).Select(Text), (await _bench.EventsAsync()).Select(Text), StringComparer.Ordinal);
        Assert.Equal(await RefusedAsync(_twin), await RefusedAsync(_bench));
    }

    private static string Text(EventRecord record) =>
        $"{record.Id} {string.Join('>', record.Entities)} {Encoding.UTF8.GetString(record.Data.Span)}";

    private static async Task<List<string>> RefusedAsync(ImportBench bench) =>
        await bench.Quarantine.ListAsync().Select(static row => $"{row.Line} {row.Message} {row.Text}").ToListAsync();
}
