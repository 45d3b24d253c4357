namespace Tandem.Acceptance;

/// <summary>A test at a terminal of its own: skipped, visibly, where <c>script</c> (util-linux) is not there to make
/// one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(TerminalSession.Script))
        {
            Skip = $"{TerminalSession.Script} of util-linux is not there; it makes the terminal of this test.";
        }
    }
}
