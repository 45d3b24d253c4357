namespace Tandem.Learning;

/// <summary>A model that scores rows of features: logistic regression. The sibling of <see cref="IItemScorer"/>, which
/// scores items by who chose what.</summary>
public interface IRowScorer : IModel
{
    /// <summary>Length of the dense part of a row.</summary>
    int DenseCount { get; }

    /// <summary>Number of columns that the sparse part of a row may name, 0 to this, exclusive.</summary>
    int SparseCount { get; }

    /// <summary>What the scores mean: unless a model says otherwise, log-odds of a positive, whose probability is
    /// 1 / (1 + e^−score).</summary>
    RowTarget Target => RowTarget.Binary;

    /// <summary>Scores rows; finite where the row is. Allocates nothing.</summary>
    /// <param name="rows">The rows, of this model's width.</param>
    /// <param name="scores">Receives the scores, shape (rows, <see cref="RowTarget.OutputCount"/>).</param>
    void ScoreRows(in FeatureRows rows, Span<float> scores);
}
