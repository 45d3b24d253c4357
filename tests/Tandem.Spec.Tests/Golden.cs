using Tandem.Testing;

namespace Tandem.Spec.Tests;

/// <summary>Compares a text with a file that people reviewed. TANDEM_ACCEPT=1 writes the file instead.</summary>
internal static class Golden
{
    public static void Check(string path, string actual)
    {
        string file = Path.Combine(SharedData.Root, path);
        if (Environment.GetEnvironmentVariable("TANDEM_ACCEPT") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{path} is missing: run the test with TANDEM_ACCEPT=1 and review it.");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
