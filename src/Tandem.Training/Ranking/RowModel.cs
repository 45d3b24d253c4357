using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning;

namespace Tandem.Training.Ranking;

/// <summary>A model that reads features, to order candidates or to predict: which features, how they are encoded, and what
/// scores them.</summary>
/// <param name="Features">The features, with the versions of their views.</param>
/// <param name="Views">The views of the features, those of texts among them.</param>
/// <param name="Encoders">How a row of them becomes inputs; the last number of a row is
/// <see cref="RetrievalScore"/> where candidates are ordered.</param>
/// <param name="Scorer">Scores encoded rows.</param>
public sealed record RowModel(
    FeatureSet Features, IReadOnlyList<FeatureView> Views, FeatureEncoders Encoders, IRowScorer Scorer)
{
    /// <summary>Name of the number that stands behind the features: the score of the retrieval model, null where it gave
    /// none. No feature's name begins with <c>@</c>.</summary>
    public const string RetrievalScore = "@retrieval";

    /// <summary>Whether a set holds what the model reads, as it was defined for it.</summary>
    /// <param name="set">The set.</param>
    /// <param name="present">The views that computed it.</param>
    public bool Reads(LabelledSet set, IReadOnlyList<FeatureView> present)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Features.Names.SequenceEqual(set.Set.Description.Features, StringComparer.Ordinal)
            && PinnedFeatures.Of(Features, Encoders.Texts, Views).Missing(present).Count == 0;
    }
}
