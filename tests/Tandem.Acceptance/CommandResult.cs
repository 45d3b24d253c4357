namespace Tandem.Acceptance;

/// <summary>How a run of the program ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record CommandResult(int Code, string Output, string Error)
{
    /// <summary>Fails, showing what the program said, where it ended otherwise.</summary>
    public CommandResult Expect(int code)
    {
        Assert.True(code == Code, $"Exit code {Code} instead of {code}.\n{Output}\n{Error}");
        return this;
    }
}
