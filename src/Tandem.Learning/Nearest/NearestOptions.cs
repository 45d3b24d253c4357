namespace Tandem.Learning.Nearest;

/// <summary>How an index is built.</summary>
public sealed record NearestOptions
{
    /// <summary>Which kind; by default chosen by size.</summary>
    public NearestKind Kind { get; init; }

    /// <summary>Recall that is asked for, 0.5 to 1: the share of the true best <see cref="Top"/> that is found. Default
    /// 0.98. The effort of a search is set by it when the index is built.</summary>
    public double Recall
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0.5);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            field = value;
        }
    }
    = 0.98;

    /// <summary>How many are asked for at a time, ≥ 1; default 100. Recall is measured over so many.</summary>
    public int Top
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 100;

    /// <summary>What makes vectors near; default the inner product.</summary>
    public NearestMetric Metric { get; init; }

    /// <summary>Lists of <see cref="NearestKind.Ivf"/>, ≥ 1; by default about one a thousand vectors.</summary>
    public int? Lists { get; init; }

    /// <summary>Neighbours that a vector of <see cref="NearestKind.Hnsw"/> has in the upper layers, 2 to 128; twice as
    /// many in the lowest. Default 16.</summary>
    public int Degree
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 128);
            field = value;
        }
    }
    = 16;

    /// <summary>Candidates from which a new vector of <see cref="NearestKind.Hnsw"/> chooses its neighbours, ≥ 8; default
    /// 200.</summary>
    public int BuildWidth
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 8);
            field = value;
        }
    }
    = 200;

    /// <summary>Seed of the rotation, the centroids and the layers; default 42.</summary>
    public ulong Seed { get; init; } = 42;
}
