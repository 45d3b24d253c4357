using System.Globalization;

namespace Tandem.Bench.Sets;

/// <summary>The most memory that this process held at once, as Linux counts it.</summary>
internal static class PeakMemory
{
    private const string Line = "VmHWM:";
    private const string Status = "/proc/self/status";
    private const string Reset = "/proc/self/clear_refs";

    /// <summary>Begins to count anew, from what is held now.</summary>
    public static void Begin()
    {
        GC.Collect();
        if (File.Exists(Reset))
        {
            File.WriteAllText(Reset, "5");
        }
    }

    /// <summary>The peak since then in MiB; 0 where the system does not tell.</summary>
    public static double MiB() => !File.Exists(Status)
        ? 0
        : File.ReadLines(Status).Where(static line => line.StartsWith(Line, StringComparison.Ordinal))
            .Select(static line => double.Parse(line[Line.Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024)
            .FirstOrDefault();
}
