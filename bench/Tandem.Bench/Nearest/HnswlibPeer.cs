using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tandem.Numerics;

namespace Tandem.Bench.Nearest;

/// <summary>hnswlib over the same vectors, in a process of its own: <c>bench/peers/hnsw.cpp</c>.</summary>
/// <remarks>Its files lie in the folder <c>nearest-peer</c> of the folder that is measured, where there is one, and stay
/// there, with its graph, which takes minutes to build; otherwise in a folder that is removed.</remarks>
internal sealed class HnswlibPeer : IDisposable
{
    private const int Top = 100;

    private readonly ScratchFolder? _scratch;
    private readonly string _folder;
    private readonly Process _process;
    private readonly int[] _truth;
    private readonly int _queryCount;

    private HnswlibPeer(ScratchFolder? scratch, string folder, Process process, int[] truth)
    {
        _scratch = scratch;
        _folder = folder;
        _process = process;
        _truth = truth;
        _queryCount = truth.Length / Top;
    }

    /// <summary>Seconds that its build took, or null where the graph was there.</summary>
    public double? BuildSeconds { get; private set; }

    public static async Task<HnswlibPeer> StartAsync(
        string program, string parent, Matrix vectors, Matrix queries, int degree, int width, int[] truth,
        CancellationToken cancellationToken)
    {
        string kept = Path.Combine(parent, "nearest-peer");
        ScratchFolder? scratch = Directory.Exists(kept) ? null : new ScratchFolder(parent);
        string folder = scratch?.Path ?? kept;
        await WriteAsync(Path.Combine(folder, "base.f32"), vectors, cancellationToken);
        await WriteAsync(Path.Combine(folder, "query.f32"), queries, cancellationToken);
        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                folder, Text(vectors.ColumnCount), Text(degree), Text(width),
            },
        };
        HnswlibPeer peer = new(scratch, folder, Process.Start(start)!, truth);
        string[] ready = (await peer.AnswerAsync(cancellationToken)).Split(' ');
        double seconds = double.Parse(ready[1], CultureInfo.InvariantCulture);
        peer.BuildSeconds = seconds > 0 ? seconds : null;
        return peer;
    }

    /// <summary>The least width, in steps of a tenth, that finds a share of the true best; with what it finds.</summary>
    public async Task<(int Width, double Recall)> WidthForAsync(double recall, CancellationToken cancellationToken)
    {
        for (int width = Top; ; width += width / 10)
        {
            await AskAsync(width, _queryCount, cancellationToken);
            double found = await RecallAsync(cancellationToken);
            if (found >= recall || width > 20_000)
            {
                return (width, found);
            }
        }
    }

    /// <summary>Queries a second.</summary>
    public async Task<double> RateAsync(int width, double seconds, CancellationToken cancellationToken)
    {
        double first = await AskAsync(width, 64, cancellationToken);
        return await AskAsync(width, Math.Max(64, (int)(first * seconds)), cancellationToken);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _scratch?.Dispose();
    }

    private async Task<double> AskAsync(int width, int count, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync($"{Text(width)} {Text(count)} {Text(Top)}".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return double.Parse(await AnswerAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private async Task<string> AnswerAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The peer of 'nearest' ended; run it by hand to see why.");

    private async Task<double> RecallAsync(CancellationToken cancellationToken)
    {
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(_folder, "hnsw.i32"), cancellationToken);
        int hits = 0;
        for (int query = 0; query < _queryCount; query++)
        {
            HashSet<int> best = [.. _truth.AsSpan(query * Top, Top)];
            foreach (int id in MemoryMarshal.Cast<byte, int>(bytes).Slice(query * Top, Top))
            {
                hits += best.Contains(id) ? 1 : 0;
            }
        }

        return (double)hits / _truth.Length;
    }

    private static async Task WriteAsync(string path, Matrix rows, CancellationToken cancellationToken)
    {
        await using FileStream file = File.Create(path);
        await file.WriteAsync(MemoryMarshal.AsBytes(rows.Values.AsSpan()).ToArray(), cancellationToken);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
