namespace Tandem.Learning.Nearest;

/// <summary>How an index finds the vectors that score highest. Persisted: the numbers are frozen.</summary>
public enum NearestKind
{
    /// <summary>Chosen by the number of vectors and the recall that is asked for.</summary>
    Auto = 0,

    /// <summary>Every vector, in float32.</summary>
    Exact = 1,

    /// <summary>Every vector as bytes, the best of them again in float32.</summary>
    Bytes = 2,

    /// <summary>Vectors as bytes in lists around centroids; the most promising lists are read.</summary>
    Ivf = 3,

    /// <summary>A graph of neighbours in layers, walked over vectors as bytes.</summary>
    Hnsw = 4,
}
