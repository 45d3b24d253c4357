using Tandem.Faults;
using Tandem.Learning.Pictures;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Pictures;

public sealed class PictureNetworkTests
{
    private const int Copies = 6;
    private const int MetCount = 60;
    private const int NewCount = 30;

    private static readonly PictureNetworkOptions Small = new()
    {
        Size = 16,
        Widths = [32, 32],
        Length = 32,
        Epochs = 40,
        BatchSize = 96,
        LearningRate = 0.005,
    };

    private static readonly PictureSet Met = Draw(0, MetCount, Copies, 2 * Small.Size);

    private static readonly Lazy<PictureNetwork> Fitted = new(() => Fit(Small, threads: 2));

    [Fact]
    public void Fit_TellsClassesApartThatItNeverMet_FarBetterThanPixels()
    {
        PictureSet other = Draw(MetCount, NewCount, Copies, Small.Size);
        Matrix embeddings = new(other.Count, Small.Length);
        Matrix pixels = new(other.Count, Small.Size * Small.Size);
        for (int picture = 0; picture < other.Count; picture++)
        {
            Fitted.Value.Encode(other.Picture(picture), embeddings.Row(picture));
            Span<float> row = pixels.Row(picture);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = 255 - other.Picture(picture)[i];
            }

            Kernel.Scale(1 / MathF.Sqrt(Kernel.Dot(row, row)), row);
            Assert.Equal(1, Kernel.Dot(embeddings.Row(picture), embeddings.Row(picture)), 1e-5);
        }

        double error = Error(embeddings, other.Classes);
        double pixelError = Error(pixels, other.Classes);

        // Classes are drawn by chance, so some are alike; pixels do not survive that a hand moves.
        Assert.InRange(pixelError, 0.4, 1);
        Assert.True(error < pixelError / 2, $"{error} of the questions went wrong, by pixels {pixelError}.");
    }

    [Fact]
    public void Fit_WithOneThreadOrTwo_GivesTheSameBytes()
    {
        PictureNetworkOptions brief = Small with { Epochs = 1, Turns = true };

        Assert.Equal(Bytes(Fit(brief, threads: 1)), Bytes(Fit(brief, threads: 2)));
        Assert.NotEqual(Bytes(Fit(brief, threads: 2)), Bytes(Fit(brief, threads: 2, seed: 2)));
    }

    [Fact]
    public void Load_OfWhatSaveWrote_GivesTheSameEmbeddings()
    {
        var loaded = PictureNetwork.Load(new MemoryStream(Bytes(Fitted.Value)));

        Assert.Equal(
            (Small.Size, 1, Small.Length, 4), (loaded.Size, loaded.Channels, loaded.Length, loaded.LastSide));
        Assert.Equal(Small.Widths, loaded.Widths);
        byte[] picture = TestDrawings.Draw(1, 1, Small.Size);
        float[] expected = new float[Small.Length];
        float[] found = new float[Small.Length];
        Fitted.Value.Encode(picture, expected);
        loaded.Encode(picture, found);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Load_OfOtherBytes_IsRefused()
    {
        byte[] bytes = Bytes(Fitted.Value);

        Assert.Equal("LRN012", FaultOf(() => PictureNetwork.Load(new MemoryStream(bytes[..^9]))));
        Assert.Equal("LRN010", FaultOf(() => PictureNetwork.Load(new MemoryStream(new byte[100]))));
    }

    [Fact]
    public void Encode_InSteadyState_AllocatesNothing_AndRefusesOtherLengths()
    {
        byte[] picture = TestDrawings.Draw(2, 1, Small.Size);
        float[] embedding = new float[Small.Length];
        PictureNetwork network = Fitted.Value;
        network.Encode(picture, embedding);
        network.Encode(picture, embedding);

        Assert.Equal(0, Allocations.Least(() => network.Encode(picture, embedding)));
        Assert.Throws<ArgumentException>(() => network.Encode(picture.AsSpan(1), embedding));
        Assert.Throws<ArgumentException>(() => network.Encode(picture, new float[3]));
        Assert.Throws<ArgumentException>(() => network.Parameters("block9.weights").Length);
    }

    [Fact]
    public void Fit_OfANetworkThatCannotBe_IsRefused()
    {
        PictureNetworkOptions[] wrong =
        [
            Small with { Size = 7 }, Small with { Widths = [] }, Small with { Widths = [8, 8, 8, 8, 8] },
            Small with { Widths = [0] }, Small with { Length = 0 }, Small with { Epochs = 0 }, Small with { BatchSize = 2 },
        ];

        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => Fit(options, threads: 1)));
    }

    [Fact]
    public void Fit_OfClassesWithOnePictureEach_Works()
    {
        PictureSet set = Draw(0, 5, 1, Small.Size);

        PictureNetwork network = PictureNetworkTrainer.Fit(
            set, Small with { Epochs = 2 }, new FitContext { ThreadCount = 1 }, CancellationToken.None);

        float[] embedding = new float[Small.Length];
        network.Encode(set.Picture(0), embedding);
        Assert.All(embedding, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void WidthsFor_AnySize_LeaveOnePlaceToThree()
    {
        for (int size = 8; size <= 512; size++)
        {
            IReadOnlyList<int> widths = PictureNetworkOptions.WidthsFor(size);

            Assert.InRange(size >> widths.Count, 1, 3);
            Assert.Equal(128, widths[^1]);
        }
    }

    private static PictureNetwork Fit(PictureNetworkOptions options, int threads, ulong seed = 1) =>
        PictureNetworkTrainer.Fit(
            Met, options, new FitContext { Seed = seed, ThreadCount = threads }, CancellationToken.None);

    private static byte[] Bytes(PictureNetwork network)
    {
        using MemoryStream stream = new();
        network.Save(stream);
        return stream.ToArray();
    }

    private static double Error(Matrix embeddings, int[] classes) =>
        OneShot.Draw(embeddings, classes, ways: 20, count: 20, seed: 1).Average(static run => run.ErrorRate());

    private static string FaultOf(Action action) => Assert.Throws<TandemException>(action).Fault.Code;

    private static PictureSet Draw(int first, int count, int copies, int side) => new()
    {
        Side = side,
        Channels = 1,
        Pixels =
        [
            .. Enumerable.Range(0, count * copies)
                .SelectMany(picture => TestDrawings.Draw(first + (picture / copies), picture % copies, side)),
        ],
        Classes = [.. Enumerable.Range(0, count * copies).Select(picture => picture / copies)],
    };
}
