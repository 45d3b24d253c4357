using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Tables;

/// <summary>A model with all rows of a table as it reads them.</summary>
/// <param name="Scorer">The model.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Choice">Its kind and settings.</param>
/// <param name="Features">Names of the features behind the columns.</param>
/// <param name="OfDense">Index of the feature behind each dense column.</param>
/// <param name="OfSparse">Index of the feature behind each sparse column.</param>
internal sealed record FittedModel(
    IRowScorer Scorer, LabelledRows Rows, ModelChoiceSpec Choice, IReadOnlyList<string> Features, IReadOnlyList<int> OfDense,
    IReadOnlyList<int> OfSparse)
{
    /// <summary>A model of encoded rows.</summary>
    public FittedModel(IRowScorer scorer, LabelledRows rows, ModelChoiceSpec choice, FeatureEncoders encoders)
        : this(scorer, rows, choice, encoders.Features, encoders.FeatureOfDense, encoders.FeatureOfSparse)
    {
    }
}
