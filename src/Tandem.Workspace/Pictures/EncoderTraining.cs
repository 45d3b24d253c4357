using System.Diagnostics;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Learning.Pictures;
using Tandem.Numerics;

namespace Tandem.Workspace.Pictures;

/// <summary>Trains an encoder of pictures on a folder, and makes the ONNX file of it.</summary>
public static class EncoderTraining
{
    private const int Ways = 20;
    private const int Runs = 100;

    /// <summary>Trains an encoder and writes its ONNX file.</summary>
    /// <param name="request">What to learn from, and how.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">As <see cref="Run"/>; WSP123: the file cannot be written, which is found out before
    /// anything is learned.</exception>
    public static async Task<EncoderReport> RunAsync(
        EncoderRequest request, string path, IProgress<(string Step, double Share)>? progress,
        CancellationToken cancellationToken)
    {
        string begun = path + ".tmp";
        try
        {
            EncoderReport report;
            FileStream file = new(begun, FileMode.Create, FileAccess.Write);
            await using (file.ConfigureAwait(false))
            {
                (byte[] bytes, report) = await Task.Run(
                    () => Run(request, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
                await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            }

            File.Move(begun, path, overwrite: true);
            return report;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw WorkspaceErrors.NoEncoderFile(path, wrong.Message);
        }
        finally
        {
            if (File.Exists(begun))
            {
                File.Delete(begun);
            }
        }
    }

    /// <summary>Trains an encoder.</summary>
    /// <param name="request">What to learn from, and how.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The ONNX file and a report.</returns>
    /// <exception cref="TandemException">WSP120: the folder cannot be read; WSP121: it has no two classes to tell apart;
    /// WSP122: a setting is out of range; LRN017: the numbers ran away.</exception>
    public static (byte[] File, EncoderReport Report) Run(
        EncoderRequest request, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request);
        progress?.Report(("read pictures", 0));
        LabelledPictures pictures = new();
        pictures.AddFolder(request.Pictures);
        IReadOnlyList<string> classes = pictures.Classes;
        if (classes.Count < 2)
        {
            throw WorkspaceErrors.NoClasses(request.Pictures, classes.Count, pictures.Count, pictures.Skipped);
        }

        HashSet<string> heldOut = HoldOut(classes, request);
        PictureNetworkOptions options = new()
        {
            Size = request.Size,
            Widths = PictureNetworkOptions.WidthsFor(request.Size),
            Length = request.Length,
            Epochs = request.Epochs,
            Turns = request.Turns,
        };
        PictureSet set = pictures.Read(
            name => !heldOut.Contains(name), PictureNetworkOptions.SideFor(request.Size), request.IsGrey, cancellationToken);
        progress?.Report(("read pictures", 1));
        var watch = Stopwatch.StartNew();
        (PictureNetwork network, byte[] file) = Fit(set, options, request.Seed, progress, cancellationToken);
        double seconds = watch.Elapsed.TotalSeconds;
        return (file, new EncoderReport(
            set.Count, classes.Count - heldOut.Count, pictures.Skipped, request.Size, set.Channels, request.Length,
            request.Epochs, request.Seed,
            heldOut.Count == 0
                ? null
                : Judge(network, pictures.Read(heldOut.Contains, request.Size, request.IsGrey, cancellationToken), request.Seed),
            seconds, file.Length));
    }

    /// <summary>How dark each place of a picture is, scaled to length 1: what embeddings have to beat.</summary>
    internal static void Darkness(ReadOnlySpan<byte> pixels, Span<float> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = 255 - pixels[i];
        }

        float square = Kernel.Dot(row, row);
        Kernel.Scale(square > 0 ? 1 / MathF.Sqrt(square) : 0, row);
    }

    /// <summary>Fits a network and writes its ONNX file.</summary>
    internal static (PictureNetwork Network, byte[] File) Fit(
        PictureSet set, PictureNetworkOptions options, ulong seed, IProgress<(string Step, double Share)>? progress,
        CancellationToken cancellationToken)
    {
        PictureNetwork network = PictureNetworkTrainer.Fit(
            set, options, new FitContext { Seed = seed, Progress = progress is null ? null : new Steps(progress) },
            cancellationToken);
        return (network, EncoderFile.Write(network));
    }

    private static void Check(EncoderRequest request)
    {
        (string Name, double Value, double Least, double Most)[] settings =
        [
            ("--size", request.Size, 8, 512),
            ("--length", request.Length, 1, 4096),
            ("--epochs", request.Epochs, 1, 10_000),
            ("--hold-out", request.HoldOut, 0, 0.9),
        ];
        foreach ((string name, double value, double least, double most) in settings)
        {
            if (!(value >= least && value <= most))
            {
                throw WorkspaceErrors.EncoderSetting(name, value, least, most);
            }
        }
    }

    private static HashSet<string> HoldOut(IReadOnlyList<string> classes, EncoderRequest request)
    {
        int count = Math.Min((int)(classes.Count * request.HoldOut), classes.Count - 2);
        if (count < 2)
        {
            return [];
        }

        string[] order = [.. classes];
        SeededRandom random = new(request.Seed, stream: 0x0E1D);
        for (int i = 0; i < count; i++)
        {
            int pick = i + random.NextInt(order.Length - i);
            (order[i], order[pick]) = (order[pick], order[i]);
        }

        return order[..count].ToHashSet(StringComparer.Ordinal);
    }

    private static EncoderJudgement? Judge(PictureNetwork network, PictureSet set, ulong seed)
    {
        Matrix embeddings = new(set.Count, network.Length);
        Matrix darkness = new(set.Count, set.Side * set.Side * set.Channels);
        Parallel.For(0, set.Count, picture =>
        {
            network.Encode(set.Picture(picture), embeddings.Row(picture));
            Darkness(set.Picture(picture), darkness.Row(picture));
        });
        IReadOnlyList<OneShotRun> runs = OneShot.Draw(embeddings, set.Classes, Ways, Runs, seed);
        IReadOnlyList<OneShotRun> pixels = OneShot.Draw(darkness, set.Classes, Ways, Runs, seed);
        return runs.Count == 0
            ? null
            : new EncoderJudgement(
                set.Classes.Max() + 1, runs[0].Answers.Length, runs.Sum(static run => run.Answers.Length),
                100 * runs.Average(static run => run.ErrorRate()), 100 * pixels.Average(static run => run.ErrorRate()));
    }

    private sealed class Steps(IProgress<(string Step, double Share)> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(("learn", value));
    }
}
