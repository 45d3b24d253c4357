using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Tandem.Bench.Journal;

/// <summary>The limit of any log on this disk: one thread that writes ready bytes behind each other and flushes.</summary>
internal static class BareLoop
{
    /// <summary>Measures lines a second.</summary>
    public static Task<double> RunAsync(BenchOptions options, byte[] line, int linesPerFlush) => Task.Run(() =>
    {
        using ScratchFolder folder = new(options.Folder);
        using SafeFileHandle file = File.OpenHandle(folder.File("bare"), FileMode.Create, FileAccess.Write);
        byte[] block = [.. Enumerable.Repeat(line, linesPerFlush).SelectMany(static bytes => bytes)];
        long written = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Seconds)
        {
            RandomAccess.Write(file, block, written * line.Length);
            RandomAccess.FlushToDisk(file);
            written += linesPerFlush;
        }

        return written / watch.Elapsed.TotalSeconds;
    });
}
