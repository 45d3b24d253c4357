using System.Globalization;
using Tandem.Faults;
using Tandem.Features.Encoders;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Training;

namespace Tandem.Workspace;

/// <summary>What a version's retrieval model reads of users and items beside who chose what.</summary>
public sealed partial class TandemWorkspace
{
    private const string RetrievalJob = "retrieval";

    /// <summary>Gives the model what reads users and items as it was trained to; a fault where that cannot be, and it answers
    /// without.</summary>
    private async Task<(ServedModel Model, Fault? Fault)> WithInputsAsync(
        ServedModel model, ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            if (await PinnedOfAsync(version, ArtifactNames.Attributes, cancellationToken).ConfigureAwait(false)
                is not { } pinned)
            {
                return (model, null);
            }

            if (StoreOf(pinned) is not { } store)
            {
                string number = version.Number.ToString(CultureInfo.InvariantCulture);
                return (model, ServedEntity.NotComputed(number, pinned.Missing(_views)));
            }

            (string user, string item) = ServingLoop.Roles(Spec);
            (FeatureEncoders? ofUsers, FeatureEncoders? ofItems) =
                await ReadSidesAsync(version, cancellationToken).ConfigureAwait(false);
            return (model with
            {
                UserInputs = ofUsers is null ? null : new ServedEntity(store, ofUsers, user),
                ItemInputs = ofItems is null ? null : new ServedEntity(store, ofItems, item),
            }, null);
        }
        catch (TandemException damaged)
        {
            return (model, damaged.Fault);
        }
    }

    /// <summary>The same as training judges it; null where the champion reads nothing, or cannot.</summary>
    private async Task<RetrievalEncoders?> RetrievalEncodersAsync(
        ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            if (await PinnedOfAsync(version, ArtifactNames.Attributes, cancellationToken).ConfigureAwait(false)
                is not { } pinned
                || await PinnedViewsAsync(version, pinned, cancellationToken).ConfigureAwait(false) is not { } views)
            {
                return null;
            }

            (FeatureEncoders? ofUsers, FeatureEncoders? ofItems) =
                await ReadSidesAsync(version, cancellationToken).ConfigureAwait(false);
            return new RetrievalEncoders(ofUsers, ofItems, views);
        }
        catch (TandemException)
        {
            // It answers without for the same reason.
            return null;
        }
    }

    private async Task<(FeatureEncoders? Users, FeatureEncoders? Items)> ReadSidesAsync(
        ModelVersion version, CancellationToken cancellationToken)
    {
        return (
            await ReadAsync(ArtifactNames.UserEncoders).ConfigureAwait(false),
            await ReadAsync(ArtifactNames.ItemEncoders).ConfigureAwait(false));

        async Task<FeatureEncoders?> ReadAsync(string artifact) => Has(version, artifact)
            ? await ReadEncodersAsync(version, artifact, cancellationToken).ConfigureAwait(false)
            : null;
    }
}
