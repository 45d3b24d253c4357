using System.Globalization;

namespace Tandem.Events;

/// <summary>One file of the log: where it begins, and its path.</summary>
/// <param name="Base">Position of its first byte (its header) in the log.</param>
/// <param name="Path">The file.</param>
internal sealed record Segment(long Base, string Path)
{
    private const string Extension = ".jsonl";
    private const int DigitCount = 20;

    /// <summary>The segment that begins at a position, in a folder.</summary>
    public static Segment At(string folder, long start) =>
        new(start, System.IO.Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture) + Extension));

    /// <summary>The segments in a folder, oldest first; other files are not ours.</summary>
    public static List<Segment> FindAll(string folder)
    {
        List<Segment> segments = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            ReadOnlySpan<char> name = System.IO.Path.GetFileNameWithoutExtension(path.AsSpan());
            if (name.Length == DigitCount &&
                long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long start))
            {
                segments.Add(new Segment(start, path));
            }
        }

        segments.Sort(static (a, b) => a.Base.CompareTo(b.Base));
        return segments;
    }
}
