using System.Globalization;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Training;

/// <summary>Fits the best model on everything and puts it into the registry, with its training set and its
/// lineage.</summary>
internal sealed class VersionPublisher(
    TrainingLoopOptions options, SystemSpec spec, IObjectStore store, ModelRegistry registry)
{
    private const string By = "training loop";
    private const string FallbackKind = "popular";

    public async Task<ModelVersion> PublishAsync(
        LakeSnapshot snapshot, TrainingData data, Contender best, EvaluationResult result, TrainingRequest request,
        TrainingSet? set, FitContext context, CancellationToken cancellationToken)
    {
        IItemScorer scorer = best.Kind.Fit(data.All, best.Parameters, context, cancellationToken);
        context.Progress?.Report(1);
        IItemScorer fallback = ModelCatalogue.Default.Find(FallbackKind).Fit(
            data.All, new Dictionary<string, double>(StringComparer.Ordinal), context with { Progress = null },
            cancellationToken);
        Dictionary<string, DraftArtifact> artifacts = new(StringComparer.Ordinal)
        {
            [ArtifactNames.Model] = Bytes(scorer),
            [ArtifactNames.Fallback] = Bytes(fallback),
            [ArtifactNames.Items] = DraftArtifact.FromBytes(data.Items.Save()),
            [ArtifactNames.Users] = DraftArtifact.FromBytes(data.Users.Save()),
            [ArtifactNames.Evaluation] = DraftArtifact.FromBytes(EvaluationJson.Write(result)),
        };
        string setHash = data.Hash;
        if (set is not null)
        {
            await set.SaveAsync(store, cancellationToken).ConfigureAwait(false);
            setHash = set.Hash;
            artifacts[ArtifactNames.Profiles] = DraftArtifact.FromBytes(SetProfiles.Write(set));
        }

        return await registry.PublishAsync(
            new ModelDraft
            {
                Model = spec.Name,
                Kind = best.Kind.Name,
                Artifacts = artifacts,
                Lineage = Lineage(snapshot, data, best, request, setHash),
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task PromoteAsync(
        ModelVersion version, TrainingRequest request, string reason, CancellationToken cancellationToken) =>
        await registry.SetAliasAsync(
            spec.Name, "champion", version.Number, By, reason, request.Champion?.Change, cancellationToken)
            .ConfigureAwait(false);

    private ModelLineage Lineage(
        LakeSnapshot snapshot, TrainingData data, Contender best, TrainingRequest request, string setHash)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal)
        {
            [ArtifactNames.FallbackKind] = FallbackKind,
            ["interactions"] = data.Hash,
        };
        foreach (ModelParameter parameter in best.Kind.Parameters)
        {
            double value = best.Parameters.GetValueOrDefault(parameter.Name, parameter.Default);
            parameters[parameter.Name] = value.ToString(CultureInfo.InvariantCulture);
        }

        return new ModelLineage
        {
            Cause = request.Cause,
            SpecHash = options.SpecHash,
            TrainingSetHash = setHash,
            LakeManifest = snapshot.Manifest.Number,
            CodeVersion = options.CodeVersion,
            Seed = spec.Training.Seed,
            Window = data.Window,
            Parent = request.Champion?.Version,
            Parameters = parameters,
            Metrics = best.Evaluation.Metrics.ToDictionary(
                static metric => metric.Key,
                metric => best.Evaluation.Intervals.TryGetValue(metric.Key, out double[]? interval)
                    ? new ModelMetric(metric.Value, interval[0], interval[1])
                    : new ModelMetric(metric.Value),
                StringComparer.Ordinal),
        };
    }

    private static DraftArtifact Bytes(IItemScorer scorer)
    {
        MemoryStream bytes = new();
        scorer.Save(bytes);
        return DraftArtifact.FromBytes(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }
}
