namespace Tandem.Learning;

/// <summary>A row scorer that can say what each feature of a row adds to its scores: trees by Shapley values, a linear model
/// by weight × value.</summary>
public interface IExplainedScorer : IRowScorer
{
    /// <summary>Explains one row.</summary>
    /// <param name="rows">Rows, of the model's width.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="featureOfDense">Index of the feature behind each dense column.</param>
    /// <param name="featureOfSparse">Index of the feature behind each sparse column.</param>
    /// <param name="added">Receives, shape (outputs, features + 1), what the columns of each feature add together, and last what
    /// all rows start from. They sum to the score, but for its rounding. Overwritten.</param>
    void Explain(
        in FeatureRows rows, int row, IReadOnlyList<int> featureOfDense, IReadOnlyList<int> featureOfSparse,
        Span<double> added);
}
