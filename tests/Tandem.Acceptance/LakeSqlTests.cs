using System.Text.Json;

namespace Tandem.Acceptance;

/// <summary><c>tandem lake sql</c>: statements from everywhere, and the prompt at a real terminal.</summary>
public sealed class LakeSqlTests : IAsyncLifetime, IDisposable
{
    private const string Endless =
        "select count(*) from range(1000000000) a, range(1000000000) b where a.range % 7 = b.range % 5;";

    private readonly Shop _shop = new(users: 4, turns: 3);

    public async Task InitializeAsync() => (await _shop.RunAsync("import")).Expect(0);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Statements_FromTheArgument_AFileOrStandardInput_AreAnsweredInOrder()
    {
        const string Sql = "select ';' as a -- one; two\n; select count(*) as n from purchase;";
        await File.WriteAllTextAsync(_shop["ask.sql"], Sql);

        CommandResult argument = (await _shop.RunAsync("lake", "sql", Sql, "--format", "csv")).Expect(0);
        CommandResult file = (await _shop.RunAsync("lake", "sql", "--file", "ask.sql", "--format", "csv")).Expect(0);
        CommandResult json = (await _shop.RunAsync("lake", "sql", "-f", "ask.sql", "--json")).Expect(0);

        Assert.Equal($"a\n;\n\nn\n{_shop.Rows}\n", argument.Output);
        Assert.Equal(argument.Output, file.Output);
        string[] lines = json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal(_shop.Rows, JsonDocument.Parse(lines[1]).RootElement.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Statements_WhereOneFails_EndThere_AndWhereOneDoesNotParse_NoneRuns()
    {
        CommandResult fails = (await _shop.RunAsync(
            "lake", "sql", "select 1 as a; drop view purchase; select 2 as b", "--format", "csv")).Expect(2);
        CommandResult unread = (await _shop.RunAsync("lake", "sql", "select 1 as a; selec 2", "--format", "csv"))
            .Expect(2);
        CommandResult both = (await _shop.RunAsync("lake", "sql", "select 1", "--file", "tandem.yaml")).Expect(2);

        Assert.Equal("a\n1\n", fails.Output);
        Assert.Contains("LAK012", fails.Error, StringComparison.Ordinal);
        Assert.Equal("", unread.Output);
        Assert.Contains("LAK013", unread.Error, StringComparison.Ordinal);
        Assert.Contains("not from both", both.Error, StringComparison.Ordinal);
    }

    [TerminalFact]
    public async Task Prompt_AnswersOverSeveralLines_SurvivesErrors_AndEndsByQuit()
    {
        await using var terminal = TerminalSession.Start(_shop.Path, "lake", "sql", "--limit", "2");
        await terminal.SeeAsync("Manifest 1.");

        await terminal.TypeAsync("select 6 * 7 as a,\r");
        await terminal.SeeAsync("->");
        await terminal.TypeAsync("';' || 'x' as b; select 40 + 3 as c;\r");
        Assert.Contains("42", await terminal.SeeAsync("1 rows."), StringComparison.Ordinal);
        Assert.Contains("43", await terminal.SeeAsync("1 rows."), StringComparison.Ordinal);
        await terminal.TypeAsync("from nowhere;\r");
        await terminal.SeeAsync("LAK013");
        await terminal.TypeAsync("drop view purchase;\r");
        await terminal.SeeAsync("LAK012");
        await terminal.TypeAsync(".schema nowhere\r");
        await terminal.SeeAsync("LAK008");
        await terminal.TypeAsync(".what\r");
        await terminal.SeeAsync("is none of");
        await terminal.TypeAsync(".tables\r");
        await terminal.SeeAsync("purchase");
        await terminal.TypeAsync(".schema purchase\r");
        await terminal.SeeAsync("event_id");
        await terminal.SeeAsync("The first 2 rows");
        await terminal.TypeAsync("select event_id from purchase;\r");
        await terminal.SeeAsync("The first 2 rows");
        await terminal.TypeAsync(".quit\r");

        (await terminal.EndAsync()).Expect(0);
    }

    [TerminalFact]
    public async Task Prompt_CtrlC_InterruptsTheQueryOrDropsTheText_AndCtrlDEnds()
    {
        await using var terminal = TerminalSession.Start(_shop.Path, "lake", "sql");
        await terminal.SeeAsync("Manifest 1.");

        await terminal.TypeAsync($"select 6 * 7 as a; {Endless}\r");
        await terminal.SeeAsync("1 rows.");
        await terminal.TypeAsync(TerminalSession.CtrlC);
        await terminal.SeeAsync("Interrupted.");
        await terminal.TypeAsync("select 'half\r");
        await terminal.SeeAsync("->");
        await terminal.TypeAsync($"a line{TerminalSession.CtrlC}");
        await terminal.SeeAsync("Dropped.");
        await terminal.TypeAsync("select 6 * 7 as a;\r");
        Assert.Contains("42", await terminal.SeeAsync("1 rows."), StringComparison.Ordinal);
        await terminal.TypeAsync("\u001b[A\r");
        Assert.Contains("42", await terminal.SeeAsync("1 rows."), StringComparison.Ordinal);
        await terminal.TypeAsync(TerminalSession.CtrlD);

        (await terminal.EndAsync()).Expect(0);
    }

    [TerminalFact]
    public async Task CtrlC_OfAStatementFromTheArgument_EndsWith130()
    {
        await using var terminal = TerminalSession.Start(
            _shop.Path, "lake", "sql", $"\"select 6 * 7 as begun; {Endless}\"");

        await terminal.SeeAsync("1 rows.");
        await terminal.TypeAsync(TerminalSession.CtrlC);

        (await terminal.EndAsync()).Expect(130);
    }
}
