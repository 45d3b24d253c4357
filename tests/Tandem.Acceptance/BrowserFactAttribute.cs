namespace Tandem.Acceptance;

/// <summary>A test that needs a browser: skipped, visibly, where Chromium is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium))
        {
            Skip = $"{Chromium} is not on this machine; ./check installs it where it may.";
        }
    }
}
