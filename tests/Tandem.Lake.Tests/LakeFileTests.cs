using Tandem.Faults;
using Tandem.Lake.Tests.Support;
using Tandem.Testing;

namespace Tandem.Lake.Tests;

public sealed class LakeFileTests
{
    [Fact]
    public async Task Read_OfCsv_GivesTextAndReportsBadLines()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["a.csv"], "id,\"the name\",n\n1,\"a, \"\"b\"\"\",007\n2,short\n3,,1\n4,x,2,too many\n5,\"ü\nü\",3\n");

        using var file = LakeFile.Open(folder["a.csv"], LakeFileFormat.Csv);
        List<string> rows = LakeBench.Rows(file.Read());
        IReadOnlyList<LakeRejection> rejections = file.Rejections();

        Assert.Equal(["id", "the name", "n"], file.Columns.Select(static column => column.Name), StringComparer.Ordinal);
        Assert.Equal(["1|1|a, \"b\"|007", "2|3|-|1", "3|5|ü\nü|3"], rows);
        Assert.Equal([3L, 5L], rejections.Select(static rejection => rejection.Line));
        Assert.Equal(["2,short", "4,x,2,too many"], rejections.Select(static rejection => rejection.Text), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Read_OfDelimitedTextWithoutHeader_TakesNamesAndDelimiter()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["ratings.dat"], "1::31::2.5\n1::1029::3.0\n");
        await File.WriteAllBytesAsync(folder["latin.csv"], System.Text.Encoding.Latin1.GetBytes("1|café|\"x\n"));

        using var ratings = LakeFile.Open(folder["ratings.dat"], LakeFileFormat.Csv, new LakeFileOptions
        {
            Delimiter = "::",
            HasHeader = false,
            ColumnNames = ["user", "item", "rating"],
        });
        using var latin = LakeFile.Open(folder["latin.csv"], LakeFileFormat.Csv, new LakeFileOptions
        {
            Delimiter = "|",
            HasHeader = false,
            HasQuotes = false,
            Encoding = "latin-1",
        });

        Assert.Equal(["1|2.5|31", "2|3.0|1029"], LakeBench.Rows(ratings.Read(["rating", "item"])));
        Assert.Equal(["1|1|café|\"x"], LakeBench.Rows(latin.Read()));
    }

    [Fact]
    public async Task Read_OfJsonLines_LosesNoGoodLineToABadOne()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(
            folder["a.jsonl"],
            """
            {"id":1,"s":"a,\"b\"\u00e9","l":[1, 2]}
            {"id":2,"x":
            {"id":3,"o":{"k":null}}

            [4]
            {"id":5,"s":null}
            """);

        using var file = LakeFile.Open(folder["a.jsonl"], LakeFileFormat.JsonLines);
        List<string> rows = LakeBench.Rows(file.Read());

        Assert.Equal(["id", "l", "s", "o"], file.Columns.Select(static column => column.Name), StringComparer.Ordinal);
        Assert.Equal(["1|1|[1,2]|a,\"b\"é|-", "3|3|-|-|{\"k\":null}", "6|5|-|-|-"], rows);
        Assert.Equal(
            [new LakeRejection(2, "not valid JSON", """{"id":2,"x":"""), new LakeRejection(5, "not a JSON object", "[4]")],
            file.Rejections());
    }

    [Fact]
    public async Task Read_OfParquet_KeepsItsTypes()
    {
        using LakeBench bench = new(new LakeTable
        {
            Name = "t",
            Columns = [new("n", LakeType.Whole), new("v", LakeType.NumberList), new("when", LakeType.Time)],
        });
        using LakeSnapshot snapshot = await bench.CompactAsync(
            """{"id":"a","type":"t","known":"2026-01-01T00:00:01.000000Z","data":{"n":7,"v":[1.5,2],"when":"2026-01-02T00:00:00Z"}}""",
            """{"id":"b","type":"t","known":"2026-01-01T00:00:02.000000Z"}""");
        string path = Path.Combine(bench.Root, snapshot.Manifest.Find("t")!.Parts[0].Key);

        using var file = LakeFile.Open(path, LakeFileFormat.Parquet);

        Assert.Equal(LakeType.Time, file.Columns.Single(static column => column.Name == "known_time").Type);
        Assert.Equal(
            ["1|a|7|[1.5,2]|2026-01-02T00:00:00.000000|-", "2|b|-|-|-|-"],
            LakeBench.Rows(file.Read(["event_id", "n", "v", "when", "position"])));
        Assert.Empty(file.Rejections());
    }

    [Fact]
    public async Task Open_OfWhatIsNoSuchFile_SaysWhich()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["a.parquet"], "no parquet");

        TandemException missing = Assert.Throws<TandemException>(() => LakeFile.Open(folder["none"], LakeFileFormat.Csv));
        TandemException wrong = Assert.Throws<TandemException>(
            () => LakeFile.Open(folder["a.parquet"], LakeFileFormat.Parquet));

        Assert.Equal(("LAK011", "LAK011"), (missing.Fault.Code, wrong.Fault.Code));
    }
}
