namespace Tandem.Learning.Networks;

/// <summary>What the rows of a batch choose from, and what is right: the input of <see cref="SoftmaxLoss"/>.</summary>
internal sealed class SoftmaxTask
{
    /// <summary>e, row-major, at least <see cref="CandidateCount"/> rows of the width of h.</summary>
    public float[] Candidates { get; set; } = [];

    /// <summary>Number of candidates.</summary>
    public int CandidateCount { get; set; }

    /// <summary>Receives the gradient of e, as long as e.</summary>
    public float[] CandidateGradients { get; set; } = [];

    /// <summary>True to add to <see cref="CandidateGradients"/>, false to overwrite them.</summary>
    public bool AddsGradients { get; set; }

    /// <summary>Index of the right candidate of each row.</summary>
    public int[] Labels { get; set; } = [];

    /// <summary>Weight of each row, ≥ 0; empty means 1 for all.</summary>
    public float[] RowWeights { get; set; } = [];

    /// <summary>b of each candidate, such as −log of its sampling odds; empty means 0.</summary>
    public float[] Biases { get; set; } = [];

    /// <summary>Id of each candidate where one id may occur twice: a candidate of the label's id that is not the label does
    /// not count. Empty means that all differ.</summary>
    public int[] CandidateIds { get; set; } = [];

    /// <summary>s, above 0: one over the temperature.</summary>
    public float Scale { get; set; } = 1;
}
