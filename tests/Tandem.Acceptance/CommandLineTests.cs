using System.Text.Json;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>The terminal as a person and a script meet it.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tandem_WithoutArguments_ListsTheVerbsByLoop()
    {
        CommandResult result = (await RunAsync()).Expect(0);

        int[] places = [.. new[] { "demo", "Training loop", "import", "train ", "evaluate", "Serving loop", "up " }
            .Select(word => result.Output.IndexOf(word, StringComparison.Ordinal))];
        Assert.All(places, place => Assert.True(place >= 0, result.Output));
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("new")]
    [InlineData("check")]
    [InlineData("schema")]
    [InlineData("import")]
    [InlineData("quarantine")]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("models")]
    [InlineData("up")]
    [InlineData("replay")]
    [InlineData("log")]
    [InlineData("lake")]
    [InlineData("forget")]
    [InlineData("bench")]
    public async Task Help_OfAVerb_ShowsExamples(string verb)
    {
        CommandResult result = (await RunAsync(verb, "--help")).Expect(0);

        Assert.Contains($"Examples:\n  tandem {verb}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verb_ThatIsUnknown_IsRefusedWithASuggestion()
    {
        CommandResult result = (await RunAsync("trian")).Expect(2);

        Assert.Contains("'trian'", result.Error, StringComparison.Ordinal);
        Assert.Matches("(?s)Did you mean.*train", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("train", "--frobnicate")]
    [InlineData("new", "feed", "--from", "vide")]
    [InlineData("demo", "--scale", "large")]
    public async Task Flag_ThatIsWrong_ExitsWithTwo(params string[] arguments)
    {
        CommandResult result = (await RunAsync(arguments)).Expect(2);

        Assert.Contains(arguments[^1], result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("video")]
    [InlineData("ads")]
    [InlineData("blank")]
    public async Task New_ThenCheck_Passes(string template)
    {
        (await RunAsync("new", "feed", "--from", template)).Expect(0);

        CommandResult result = (await RunAsync("check", "--spec", "feed/tandem.yaml")).Expect(0);

        Assert.Contains("sha256:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Check_OfADesignThatThisBuildDoesNotRun_SaysSoAndExitsWithOne()
    {
        (await RunAsync("new", "clicks", "--from", "ads")).Expect(0);
        string design = await File.ReadAllTextAsync(_folder["clicks/tandem.yaml"]);
        await File.WriteAllTextAsync(
            _folder["clicks/tandem.yaml"],
            design.Replace("  cadence: 1d", "  cadence: 1d\n  streaming: true", StringComparison.Ordinal));

        CommandResult result = (await RunAsync("check", "--spec", "clicks/tandem.yaml")).Expect(1);

        Assert.Contains("is valid", result.Output, StringComparison.Ordinal);
        Assert.Contains("SPC054", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_WhereAFileIsAlready_LeavesItAlone()
    {
        (await RunAsync("new", "feed", "--from", "video")).Expect(0);
        await File.AppendAllTextAsync(_folder["feed/tandem.yaml"], "# mine\n");

        CommandResult result = (await RunAsync("new", "feed")).Expect(2);

        Assert.Contains("WSP001", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(_folder["feed/tandem.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfABrokenFile_SaysAllFaultsWithTheirPlaces()
    {
        (await RunAsync("new", "feed", "--from", "video")).Expect(0);
        string text = await File.ReadAllTextAsync(_folder["feed/tandem.yaml"]);
        string broken = text.Replace("task: retrieval", "task: retrieal", StringComparison.Ordinal)
            .Replace("\nmodel:", "\nmodle:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["broken.yaml"], broken);

        CommandResult result = (await RunAsync("check", "--spec", "broken.yaml")).Expect(2);

        Assert.Empty(result.Output);
        Assert.Matches(@"broken\.yaml:\d+:\d+ SPC\d+ [^\n]*'retrieal'", result.Error);
        Assert.Matches(@"broken\.yaml:\d+:\d+ SPC\d+ [^\n]*'modle'", result.Error);
        Assert.Contains("did you mean retrieval?", result.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean model?", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("train")]
    [InlineData("models")]
    [InlineData("import")]
    [InlineData("up")]
    [InlineData("replay")]
    public async Task Verb_WithoutAFile_SaysHowToGetOne(string verb)
    {
        CommandResult result = (await RunAsync(verb)).Expect(2);

        Assert.Contains("SPC001", result.Error, StringComparison.Ordinal);
        Assert.Contains("tandem new", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_IsJson()
    {
        CommandResult result = (await RunAsync("schema")).Expect(0);

        using var schema = JsonDocument.Parse(result.Output);
        Assert.True(schema.RootElement.GetProperty("properties").TryGetProperty("objective", out _));
    }

    [Fact]
    public async Task Output_ToAFile_HasNoColours()
    {
        CommandResult overview = await RunAsync();
        CommandResult fault = await RunAsync("check");

        Assert.DoesNotContain('\e', overview.Output + fault.Error);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => CommandLine.RunAsync(_folder.Path, arguments);
}
