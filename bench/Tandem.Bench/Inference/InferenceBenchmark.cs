using System.Diagnostics;
using Tandem.Inference.Native;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;

namespace Tandem.Bench.Inference;

/// <summary>Running an ONNX model and reading pictures, on one thread.</summary>
internal sealed class InferenceBenchmark : IBenchmark
{
    private const int BatchRows = 100;

    private static readonly PictureSize Size = new(224, 224);

    public string Name => "inference";

    public string Description =>
        "An ONNX network against the same in our own kernels; reading pictures against libvips alone; one thread";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        var network = new BenchNetwork();
        using var model = OnnxModel.Load(network.ToOnnx());
        string path = folder.File("picture.jpg");
        SavePicture(path);
        byte[] file = await File.ReadAllBytesAsync(path, cancellationToken);
        byte[] rgb = new byte[Size.ValueCount];
        return
        [
            await RowsAsync(options, model, network, BatchRows, cancellationToken),
            await RowsAsync(options, model, network, 1, cancellationToken),
            await Duel.RunAsync(
                options.Rounds,
                () => RateAsync(options, 1, () => Picture.Open(file).Read(Size, rgb)),
                () => RateAsync(options, 1, () => Thumbnail(path)),
                cancellationToken) with
            {
                Name = "JPEG of 1,280 × 960 to 224 × 224, cropped",
                Unit = "pictures/s",
                Peer = "libvips' thumbnail of the file",
                RatioAtLeast = 0.8,
            },
        ];
    }

    private static async Task<Figure> RowsAsync(
        BenchOptions options, OnnxModel model, BenchNetwork network, int rows, CancellationToken cancellationToken)
    {
        float[] x = new float[rows * BenchNetwork.InputLength];
        float[] y = new float[rows];
        Array.Fill(x, 0.5f);
        Figure figure = await Duel.RunAsync(
            options.Rounds,
            () => RateAsync(options, rows, () => model.Run(x, y)),
            () => RateAsync(options, rows, () => network.Run(x, y)),
            cancellationToken);
        return figure with
        {
            Name = $"network of 128-256-128-1, rows a run: {rows}",
            Unit = "rows/s",
            Peer = "the same network by inner products of Tandem.Numerics",
            RatioAtLeast = rows > 1 ? 1 : null,
        };
    }

    private static Task<double> RateAsync(BenchOptions options, int count, Action action) => Task.Run(() =>
    {
        long done = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Seconds)
        {
            action();
            done += count;
        }

        return done / watch.Elapsed.TotalSeconds;
    });

    // Its average is taken so that every pixel is computed.
    private static void Thumbnail(string path)
    {
        using VipsOperation thumbnail = new VipsOperation("thumbnail").Set("filename", path)
            .Set("width", $"{Size.Width}").Set("height", $"{Size.Height}").Set("crop", "centre");
        using VipsHandle image = thumbnail.BuildImage();
        using VipsOperation average = new VipsOperation("avg").Set("in", image);
        average.Build();
    }

    private static void SavePicture(string path)
    {
        using VipsOperation clouds = new VipsOperation("perlin")
            .Set("width", "1280").Set("height", "960").Set("cell-size", "64").Set("uchar", "true").Set("seed", "1");
        using VipsHandle grey = clouds.BuildImage();
        using VipsOperation colours = new VipsOperation("colourspace").Set("in", grey).Set("space", "srgb");
        using VipsHandle picture = colours.BuildImage();
        using VipsOperation save = new VipsOperation("jpegsave").Set("in", picture).Set("filename", path);
        save.Build();
    }
}
