namespace Tandem.Workspace.Pictures;

/// <summary>What encoder to train, and on what.</summary>
public sealed record EncoderRequest
{
    /// <summary>Folder with a folder for each class.</summary>
    public required string Pictures { get; init; }

    /// <summary>Rows and columns that the encoder looks at, 8 to 512, default 28.</summary>
    public int Size { get; init; } = 28;

    /// <summary>Length of an embedding, 1 to 4,096, default 128.</summary>
    public int Length { get; init; } = 128;

    /// <summary>Times that as many pictures are looked at as there are, 1 to 10,000, default 60.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Seed of everything random, default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>True where colours tell nothing; default false.</summary>
    public bool IsGrey { get; init; }

    /// <summary>True where a class turned by a quarter, or seen in a mirror, is another class; default false.</summary>
    public bool Turns { get; init; }

    /// <summary>Share of the classes that are kept back to judge by, 0 to 0.9, default 0.1; where that is fewer than two,
    /// nothing is judged.</summary>
    public double HoldOut { get; init; } = 0.1;
}
