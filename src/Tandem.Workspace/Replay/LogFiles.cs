using System.Text;
using Tandem.Events;

namespace Tandem.Workspace.Replay;

/// <summary>Events of a raw log, read from its files: the process that writes it may go on.</summary>
public static class LogFiles
{
    // Every event of a log begins so; the first line of a segment, and lines that repair left, do not.
    private const string Begin = "{\"id\":";

    /// <summary>Reads the events of a log, oldest first.</summary>
    /// <param name="folder">Folder of the segments.</param>
    /// <exception cref="Faults.TandemException">EVT001 to EVT003: a line is damaged.</exception>
    public static IEnumerable<EventRecord> Read(string folder)
    {
        foreach (JournalListing segment in JournalListing.Read(folder))
        {
            using FileStream file = new(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader lines = new(file);
            while (lines.ReadLine() is { } line)
            {
                bool isWhole = line.EndsWith('}') || !lines.EndOfStream;
                if (isWhole && line.StartsWith(Begin, StringComparison.Ordinal))
                {
                    yield return EventJson.Read(Encoding.UTF8.GetBytes(line));
                }
            }
        }
    }
}
