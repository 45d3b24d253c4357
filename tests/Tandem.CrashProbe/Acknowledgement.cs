namespace Tandem.CrashProbe;

/// <summary>Tells the test what is done, one line at a time, at once.</summary>
internal static class Acknowledgement
{
#pragma warning disable RS0030 // The line to the test is this program's purpose.
    private static readonly Stream Output = Console.OpenStandardOutput();
#pragma warning restore RS0030

    private static readonly SemaphoreSlim Gate = new(1);

    /// <summary>Writes one line; when it returns, the test can read it even if this process dies. Several tasks may
    /// write.</summary>
    public static async Task SayAsync(string line)
    {
        await Gate.WaitAsync();
        try
        {
            await Output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            await Output.FlushAsync();
        }
        finally
        {
            Gate.Release();
        }
    }
}
