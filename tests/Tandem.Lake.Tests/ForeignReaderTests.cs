using System.Diagnostics;
using System.Text.Json;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests;

public sealed class ForeignReaderTests
{
    // Reads the files that the latest manifest names, by DuckDB's own package for Node, without a line of ours.
    private const string Script =
        """
        const fs = require('node:fs');
        const path = require('node:path');
        const [api, store] = process.argv.slice(1);
        const { DuckDBInstance } = require(api);
        (async () => {
          const folder = path.join(store, 'manifests');
          const latest = fs.readdirSync(folder).sort().at(-1);
          const { manifest } = JSON.parse(fs.readFileSync(path.join(folder, latest), 'utf8'));
          const files = manifest.tables[0].parts.map((part) => path.join(store, part.key));
          const connection = await (await DuckDBInstance.create(':memory:')).connect();
          const list = files.map((file) => `'${file}'`).join(',');
          const reader = await connection.runAndReadAll(
            `select event_id, "user", event_time, "position", n, score, ok, numbers, tags, extra
             from read_parquet([${list}]) order by log_position`);
          console.log(JSON.stringify({ types: reader.columnTypes().map(String), rows: reader.getRowsJson() }));
        })();
        """;

    private static readonly LakeTable Play = new()
    {
        Name = "play",
        Entities = ["user"],
        Columns =
        [
            new("n", LakeType.Whole), new("score", LakeType.Number), new("ok", LakeType.Flag),
            new("numbers", LakeType.NumberList), new("tags", LakeType.TextList),
        ],
    };

    [Fact]
    public async Task Files_ReadByDuckDbsNodePackage_HaveTheCountsTypesAndValuesThatWereWritten()
    {
        using LakeBench bench = new(Play);
        for (int n = 1; n <= 3; n++)
        {
            (await bench.CompactAsync(Line(n, 1), Line(n, 2))).Dispose();
        }

        using var read = JsonDocument.Parse(await RunNodeAsync(bench.Root));

        string types = string.Join(' ', read.RootElement.GetProperty("types").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("VARCHAR VARCHAR TIMESTAMP INTEGER BIGINT DOUBLE BOOLEAN FLOAT[] VARCHAR[] VARCHAR", types);
        Assert.Equal(6, read.RootElement.GetProperty("rows").GetArrayLength());
        Assert.Equal(
            """["e2-1","u\"2","2026-01-02 03:04:05.000006",2,"2",0.5,true,[1,2.5],["a","é2"],"{\"more\":[2]}"]""",
            JsonSerializer.Serialize(read.RootElement.GetProperty("rows")[2], Relaxed));
    }

    private static JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Line(int n, int part)
    {
        string id = $"e{n}-{part}";
        return $$$"""
            {"id":"{{{id}}}","type":"play","entities":{"user":"u\"{{{n}}}"},"time":"2026-01-0{{{n}}}T03:04:05.000006Z",
            "known":"2026-01-09T00:00:00.000000Z","position":{{{n}}},"data":{"n":{{{n}}},"score":0.5,"ok":true,
            "numbers":[1,2.5],"tags":["a","é{{{n}}}"],"more":[{{{n}}}]}}
            """.ReplaceLineEndings("");
    }

    private static async Task<string> RunNodeAsync(string store)
    {
        ProcessStartInfo start = new("node")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["-e", Script, Package(), store])
        {
            start.ArgumentList.Add(argument);
        }

        using Process node = Process.Start(start) ?? throw new InvalidOperationException("Node did not start.");
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return output;
    }

    private static string Package()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "native", "node_modules")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, "native", "node_modules", "@duckdb", "node-api");
    }
}
