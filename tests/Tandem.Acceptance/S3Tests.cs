using System.Text.Json;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>The same system with its objects in a bucket: what the folder gives, S3 gives.</summary>
public sealed class S3Tests
{
    [S3Fact]
    public async Task ImportTrainModels_InABucket_GivesWhatTheFolderGives()
    {
        using Shop inFolder = new();
        using Shop inBucket = new();
        RealS3 s3 = new();
        await File.AppendAllTextAsync(inBucket["tandem.yaml"], $"\nstore: {s3.Store}\n");

        string expected = await LiveAsync(inFolder, arguments => inFolder.RunAsync(arguments));
        string actual = await LiveAsync(inBucket, arguments => CommandLine.RunAsync(inBucket.Path, s3.Environment, arguments));

        Assert.Equal(expected, actual);
        Assert.Equal(["cache", "default"], Visible(inBucket[".tandem"]));
        Assert.Equal(["log", "log.json"], Visible(inBucket[".tandem/default"]));
    }

    [S3Fact]
    public async Task Train_OnAnotherMachine_IsRefusedAsItsLogIsAnother()
    {
        using Shop first = new();
        using Shop second = new();
        RealS3 s3 = new();
        (await CommandLine.RunAsync(first.Path, s3.Environment, "import", "--store", s3.Store)).Expect(0);

        CommandResult refused = await CommandLine.RunAsync(second.Path, s3.Environment, "import", "--store", s3.Store);
        CommandResult read = await CommandLine.RunAsync(second.Path, s3.Environment, "models", "--store", s3.Store);

        Assert.Contains("WSP040", refused.Expect(2).Error, StringComparison.Ordinal);
        read.Expect(0);
    }

    [S3Fact]
    public async Task Import_WhereTheLogWasLost_IsRefused()
    {
        using Shop shop = new();
        RealS3 s3 = new();
        (await CommandLine.RunAsync(shop.Path, s3.Environment, "import", "--store", s3.Store)).Expect(0);
        Directory.Delete(shop[".tandem/default/log"], recursive: true);

        CommandResult refused = await CommandLine.RunAsync(shop.Path, s3.Environment, "train", "--store", s3.Store);

        Assert.Contains("WSP041", refused.Expect(3).Error, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task Demo_InABucket_LivesFourDays()
    {
        using TestFolder folder = new();
        RealS3 s3 = new();

        CommandResult result = (await CommandLine.RunAsync(
            folder.Path, s3.Environment, "demo", "--exit", "--json", "--scale", "0.05", "--address", "http://127.0.0.1:0",
            "--store", s3.Store)).Expect(0);

        using var json = JsonDocument.Parse(result.Output);
        JsonElement[] days = [.. json.RootElement.GetProperty("days").EnumerateArray()];
        Assert.Equal([15, 16, 17, 18], days.Select(day => day.GetProperty("day").GetInt32()));
        Assert.All(days, day => Assert.Equal(0, day.GetProperty("failures").GetInt32()));
        Assert.All(days, day => Assert.True(day.GetProperty("requests").GetInt32() > 0));
    }

    [Fact]
    public async Task Train_WithoutCredentials_SaysHowToGiveThem()
    {
        using Shop shop = new();
        Dictionary<string, string?> environment = new(StringComparer.Ordinal)
        {
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_ACCESS_KEY_ID"] = null,
            ["AWS_SECRET_ACCESS_KEY"] = null,
            ["AWS_SHARED_CREDENTIALS_FILE"] = shop["none"],
            ["AWS_PROFILE"] = null,
            ["TANDEM__S3__ENDPOINT"] = "http://127.0.0.1:1",
        };

        CommandResult refused = await CommandLine.RunAsync(shop.Path, environment, "train", "--store", "s3://bucket/prefix");

        Assert.Contains("BCK003", refused.Expect(3).Error, StringComparison.Ordinal);
    }

    /// <summary>Imports, trains, looks, and reads the verdict of a second run.</summary>
    private static async Task<string> LiveAsync(Shop shop, Func<string[], Task<CommandResult>> run)
    {
        CommandResult imported = (await run(["import"])).Expect(0);
        (await run(["train"])).Expect(0);
        CommandResult models = (await run(["models"])).Expect(0);
        CommandResult again = (await run(["train", "--json"])).Expect(1);
        Assert.Contains(
            shop.Rows.ToString(System.Globalization.CultureInfo.InvariantCulture), imported.Output, StringComparison.Ordinal);
        Assert.Contains("1 champion", models.Output, StringComparison.Ordinal);
        using var second = JsonDocument.Parse(again.Output);
        return string.Join(
            '\n',
            second.RootElement.GetProperty("evaluation").GetProperty("models").EnumerateArray()
                .Select(model => $"{model.GetProperty("name")}: {model.GetProperty("metrics").GetRawText()}"));
    }

    private static string[] Visible(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)!)
            .Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
}
