using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Work space of one search.</summary>
internal sealed class NearestScratch(int dimension)
{
    private int[] _ids = [];
    private float[] _scores = [];

    /// <summary>The query as it is compared: normalised where the metric is the cosine.</summary>
    public float[] Query { get; } = new float[dimension];

    /// <summary>The query as the rotated vectors know it.</summary>
    public float[] Rotated { get; } = new float[dimension];

    /// <summary>The rotated query as codes.</summary>
    public CodeQuery Codes { get; } = new(dimension);

    /// <summary>How many are to be found.</summary>
    public int Wanted { get; set; }

    /// <summary>Receives the candidates.</summary>
    public BestList Candidates { get; } = new();

    /// <summary>Receives what is answered.</summary>
    public BestList Best { get; } = new();

    /// <summary>Room for ids.</summary>
    public Span<int> Ids(int count)
    {
        if (_ids.Length < count)
        {
            _ids = new int[count];
        }

        return _ids.AsSpan(0, count);
    }

    /// <summary>Room for scores.</summary>
    public Span<float> Scores(int count)
    {
        if (_scores.Length < count)
        {
            _scores = new float[count];
        }

        return _scores.AsSpan(0, count);
    }
}
