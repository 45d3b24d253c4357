using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Tandem.Bench.Journal;

/// <summary>The least that group commit can be: callers queue ready bytes, one thread copies what waits into a block,
/// writes it, flushes, and tells them. It checks nothing, remembers nothing and could not recover.</summary>
internal static class BareGroupCommit
{
    /// <summary>Measures lines a second.</summary>
    public static async Task<double> RunAsync(BenchOptions options, byte[] line, int writers)
    {
        using ScratchFolder folder = new(options.Folder);
        var queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
        var committer = Task.Run(() => CommitAsync(queue.Reader, folder.File("bare")));
        long appended = 0;
        var watch = Stopwatch.StartNew();
        var stop = TimeSpan.FromSeconds(options.Seconds);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < stop)
            {
                Waiting waiting = new(line, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                queue.Writer.TryWrite(waiting);
                await waiting.Done.Task;
                Interlocked.Increment(ref appended);
            }
        })));
        double seconds = watch.Elapsed.TotalSeconds;
        queue.Writer.Complete();
        await committer;
        return appended / seconds;
    }

    private static async Task CommitAsync(ChannelReader<Waiting> queue, string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        List<Waiting> group = [];
        byte[] block = new byte[1 << 20];
        long end = 0;
        while (await queue.WaitToReadAsync())
        {
            int length = 0;
            while (queue.TryRead(out Waiting waiting))
            {
                waiting.Line.CopyTo(block, length);
                length += waiting.Line.Length;
                group.Add(waiting);
            }

            RandomAccess.Write(file, block.AsSpan(0, length), end);
            RandomAccess.FlushToDisk(file);
            end += length;
            group.ForEach(static waiting => waiting.Done.SetResult());
            group.Clear();
        }
    }

    private readonly record struct Waiting(byte[] Line, TaskCompletionSource Done);
}
