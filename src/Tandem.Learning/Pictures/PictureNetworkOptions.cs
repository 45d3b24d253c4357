namespace Tandem.Learning.Pictures;

/// <summary>Settings of <see cref="PictureNetworkTrainer"/>.</summary>
public sealed record PictureNetworkOptions
{
    /// <summary>Most blocks.</summary>
    internal const int MostBlocks = 8;

    /// <summary>Rows and columns that the network looks at, 8 to 512, default 28; at least 2 to the number of
    /// blocks.</summary>
    public int Size { get; init; } = 28;

    /// <summary>Channels of each block, 1 to 8 blocks of 1 to 1,024; default 32, 64, 128. Each block halves the picture.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [32, 64, 128];

    /// <summary>Length of an embedding, 1 to 4,096, default 128.</summary>
    public int Length { get; init; } = 128;

    /// <summary>Times that as many pictures are looked at as there are, ≥ 1, default 60.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Pictures a step, two of each class that it meets, ≥ 4, default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Highest rate of Adam, above 0, default 0.002; it falls to 0 along a cosine.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Share of weights that a step at rate 1 takes away, ≥ 0, default 0.05.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>What cosines are divided by, above 0, default 0.1.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>Strength of distortions, ≥ 0, default 1: turned by up to 12 degrees, scaled and sheared by up to a sixth, bent
    /// and moved by up to a tenth.</summary>
    public double Distortion { get; init; } = 1;

    /// <summary>True where a class turned by quarters of a turn, or seen in a mirror, is another class, as with characters:
    /// eight times as many classes to learn from. Default false.</summary>
    public bool Turns { get; init; }

    /// <summary>Rows and columns that pictures should have to learn from: they are distorted while they are
    /// halved.</summary>
    /// <param name="size">Rows and columns that the network looks at.</param>
    public static int SideFor(int size) => 2 * size;

    /// <summary>Channels of blocks for a size: as many blocks as leave one place to three.</summary>
    /// <param name="size">Rows and columns that the network looks at, 8 to 512.</param>
    public static IReadOnlyList<int> WidthsFor(int size)
    {
        int blocks = 1;
        for (int side = size / 2; side > 3 && blocks < MostBlocks; side /= 2)
        {
            blocks++;
        }

        // The first blocks see many places and simple things, the last few places and involved ones.
        return [.. Enumerable.Range(1, blocks).Select(block => block == blocks ? 128 : block == blocks - 1 ? 64 : 32)];
    }

    /// <summary>What is wrong with the shape of the network, or null.</summary>
    internal string? Problem() =>
        Size is < 8 or > 512 ? $"a size of {Size} is not within 8 to 512"
        : Widths.Count is < 1 or > MostBlocks ? $"{Widths.Count} blocks are not 1 to {MostBlocks}"
        : Widths.Any(static width => width is < 1 or > 1024) ? "a block has not 1 to 1,024 channels"
        : Size >> Widths.Count == 0 ? $"nothing is left of a size of {Size} after {Widths.Count} blocks"
        : Length is < 1 or > 4096 ? $"a length of {Length} is not within 1 to 4,096"
        : null;
}
