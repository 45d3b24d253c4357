using System.Diagnostics;
using System.IO.Compression;
using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;
using Tandem.Learning;
using Tandem.Learning.Pictures;
using Tandem.Numerics;
using Tandem.Workspace.Pictures;

namespace Tandem.Workspace.Published;

/// <summary>Omniglot's one-shot classification: 20 runs of 20 questions, which of twenty characters, of each of which one
/// drawing is known, somebody else has drawn. An encoder learns from other alphabets.</summary>
internal static class Omniglot
{
    /// <summary>Name of the encoder that is trained here.</summary>
    public const string Encoder = "encoder";

    private const string Drawings = "images_background_small1.zip";
    private const string MoreDrawings = "images_background_small2.zip";
    private const string Questions = "all_runs.zip";
    private const ulong Seed = 42;
    private const int MostBytes = 1 << 20;

    /// <summary>How the encoder learns: chosen on alphabets of the background set that were kept back, before any run was
    /// scored.</summary>
    public static PictureNetworkOptions Options { get; } = new()
    {
        Size = 48,
        Widths = PictureNetworkOptions.WidthsFor(48),
        Epochs = 100,
        Turns = true,
    };

    /// <summary>Judges pixels, colours and edges, and an encoder.</summary>
    /// <param name="folder">Folder of the three archives.</param>
    /// <param name="options">How the encoder learns.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">WSP094: an archive is not there, or not what it should be.</exception>
    public static EvaluationResult Judge(
        string folder, PictureNetworkOptions options, IProgress<(string Step, double Share)> progress,
        CancellationToken cancellationToken)
    {
        progress.Report(("read drawings", 0));
        LabelledPictures background = ReadBackground(folder);
        if (background.Skipped.Count > 0 || background.Classes.Count < 2)
        {
            throw WorkspaceErrors.NoDrawings(
                folder, background.Skipped.Count == 0 ? "there are none" : $"'{background.Skipped[0].Name}' is damaged");
        }

        IReadOnlyList<Run> runs = ReadRuns(folder);
        progress.Report(("read drawings", 1));
        List<ModelEvaluation> lines =
        [
            Score("pixels", runs, options.Size * options.Size, (picture, row) => Darkness(picture, options.Size, row), 0),
        ];
        PictureDescriptor descriptor = new();
        lines.Add(Score("colours_and_edges", runs, descriptor.Length, descriptor.Describe, 0));

        PictureSet set = background.Read(
            static _ => true, PictureNetworkOptions.SideFor(options.Size), isGrey: true, cancellationToken);
        var watch = Stopwatch.StartNew();
        using var model = OnnxModel.Load(EncoderTraining.Fit(set, options, Seed, progress, cancellationToken).File);
        PictureEncoder encoder = new(model);
        lines.Add(Score(Encoder, runs, encoder.Length, encoder.Encode, watch.Elapsed.TotalSeconds));
        return new EvaluationResult(
            new EvaluationProtocol(
                OneShot.Task, "files", "characters of the run's alphabet, one drawing of each known",
                "a tie is wrong", Seed, runs.Count, runs[0].Known.Length, set.Count,
                runs.Sum(static run => run.Asked.Length), OneShot.Interval),
            lines);
    }

    /// <summary>The drawings to learn from, a class a character; the archives share alphabets, with the same
    /// drawings.</summary>
    private static LabelledPictures ReadBackground(string folder)
    {
        SortedDictionary<string, byte[]> drawings = new(StringComparer.Ordinal);
        foreach ((string name, byte[] file) in Read(folder, Drawings).Concat(Read(folder, MoreDrawings)))
        {
            if (name.EndsWith(".png", StringComparison.Ordinal))
            {
                drawings[name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]] = file;
            }
        }

        LabelledPictures pictures = new();
        foreach ((string name, byte[] file) in drawings)
        {
            pictures.Add(name, Path.GetDirectoryName(name)!, file);
        }

        return pictures;
    }

    private static ModelEvaluation Score(
        string name, IReadOnlyList<Run> runs, int length, Action<Picture, Span<float>> encode, double seconds)
    {
        var watch = Stopwatch.StartNew();
        Matrix Encode(Picture[] pictures)
        {
            Matrix rows = new(pictures.Length, length);
            for (int picture = 0; picture < pictures.Length; picture++)
            {
                encode(pictures[picture], rows.Row(picture));
            }

            return rows;
        }

        OneShotRun[] encoded = [.. runs.Select(run => new OneShotRun(Encode(run.Known), Encode(run.Asked), run.Answers))];
        return OneShot.Judge(name, encoded, Seed, seconds + watch.Elapsed.TotalSeconds);
    }

    private static void Darkness(Picture picture, int size, Span<float> row)
    {
        byte[] grey = new byte[size * size];
        LabelledPictures.Read(picture, size, isGrey: true, grey);
        EncoderTraining.Darkness(grey, row);
    }

    /// <summary>The runs: lines of class_labels.txt name a drawing that is asked about, then the known one of the same
    /// character.</summary>
    private static List<Run> ReadRuns(string folder)
    {
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach ((string name, byte[] file) in Read(folder, Questions))
        {
            files[name] = file;
        }

        string path = Path.Combine(folder, Questions);
        try
        {
            List<Run> runs = [];
            foreach (string labels in files.Keys.Where(static name => name.EndsWith("/class_labels.txt", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal))
            {
                string[][] pairs =
                [
                    .. System.Text.Encoding.UTF8.GetString(files[labels]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Select(static line => line.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
                ];
                string[] known = [.. pairs.Select(static pair => pair[1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
                runs.Add(new Run(
                    [.. known.Select(name => Picture.Open(files[name]))],
                    [.. pairs.Select(pair => Picture.Open(files[pair[0]]))],
                    [.. pairs.Select(pair => Array.IndexOf(known, pair[1]))]));
            }

            return runs.Count > 0 ? runs : throw WorkspaceErrors.NoDrawings(path, "there are no runs");
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or IndexOutOfRangeException)
        {
            throw WorkspaceErrors.NoDrawings(path, wrong.Message);
        }
    }

    private static List<(string Name, byte[] File)> Read(string folder, string archive)
    {
        string path = Path.Combine(folder, archive);
        try
        {
            List<(string Name, byte[] File)> files = [];
            using ZipArchive zip = ZipFile.OpenRead(path);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                if (entry.Length is > 0 and <= MostBytes)
                {
                    byte[] file = new byte[entry.Length];
                    using Stream stream = entry.Open();
                    stream.ReadExactly(file);
                    files.Add((entry.FullName, file));
                }
            }

            return files;
        }
        catch (Exception wrong) when (wrong is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw WorkspaceErrors.NoDrawings(path, wrong.Message);
        }
    }

    /// <summary>One run: known drawings, drawings that are asked about, and the known one of each.</summary>
    private sealed record Run(Picture[] Known, Picture[] Asked, int[] Answers);
}
