using Tandem.Features;
using Tandem.Features.Encoders;

namespace Tandem.Training;

/// <summary>How what is known of users and items became inputs of a retrieval model.</summary>
/// <param name="Users">Encoders of the features of users; null where the model reads none.</param>
/// <param name="Items">Encoders of the features of items; null where the model reads none.</param>
/// <param name="Views">The views that compute them.</param>
public sealed record RetrievalEncoders(
    FeatureEncoders? Users, FeatureEncoders? Items, IReadOnlyList<FeatureView> Views)
{
    /// <summary>The features with the versions of their views.</summary>
    public PinnedFeatures Pins() => PinnedFeatures.Of(
        FeatureSet.Create(Views, [.. Users?.Numbers ?? [], .. Items?.Numbers ?? []]),
        [.. Users?.Texts ?? [], .. Items?.Texts ?? []], Views);
}
