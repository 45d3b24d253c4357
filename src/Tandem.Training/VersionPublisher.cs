using System.Globalization;
using System.Text;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Training.Ranking;

namespace Tandem.Training;

/// <summary>Fits the best model on everything and puts it into the registry, with its training set and its
/// lineage.</summary>
internal sealed class VersionPublisher(
    TrainingLoopOptions options, SystemSpec spec, IObjectStore store, ModelRegistry registry)
{
    private const string By = "training loop";
    private const string FallbackKind = "popular";

    public async Task<ModelVersion> PublishAsync(
        LakeSnapshot snapshot, TrainingData data, Contender best, RankOutcome? rank, EvaluationResult result,
        TrainingRequest request, TrainingSet? set, FitContext context, CancellationToken cancellationToken)
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

        if (best.Kind.ReadsAttributes && data.Final is { } encoders)
        {
            AddEncoders(encoders, artifacts);
        }

        AddRank(rank, artifacts);
        using StagedFile? index = StageIndex(scorer, artifacts, cancellationToken);
        return await registry.PublishAsync(
            new ModelDraft
            {
                Model = spec.Name,
                Kind = best.Kind.Name,
                Artifacts = artifacts,
                Lineage = Lineage(snapshot, data, best, rank, request, setHash),
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task PromoteAsync(
        ModelVersion version, TrainingRequest request, string reason, CancellationToken cancellationToken) =>
        await registry.SetAliasAsync(
            spec.Name, "champion", version.Number, By, reason, request.Champion?.Change, cancellationToken)
            .ConfigureAwait(false);

    private ModelLineage Lineage(
        LakeSnapshot snapshot, TrainingData data, Contender best, RankOutcome? rank, TrainingRequest request,
        string setHash)
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

        var metrics = best.Evaluation.Metrics.ToDictionary(
            static metric => metric.Key,
            metric => best.Evaluation.Intervals.TryGetValue(metric.Key, out double[]? interval)
                ? new ModelMetric(metric.Value, interval[0], interval[1])
                : new ModelMetric(metric.Value),
            StringComparer.Ordinal);
        AddRank(rank, parameters, metrics);
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
            Metrics = metrics,
        };
    }

    /// <summary>Adds how the model reads what is known of users and items: encoders, the features with the versions of their
    /// views, and the file that defines them.</summary>
    private void AddEncoders(RetrievalEncoders encoders, Dictionary<string, DraftArtifact> artifacts)
    {
        foreach ((string name, FeatureEncoders? side) in new[]
        {
            (ArtifactNames.UserEncoders, encoders.Users), (ArtifactNames.ItemEncoders, encoders.Items),
        })
        {
            if (side is not null)
            {
                AddEncoders(name, side, artifacts);
            }
        }

        artifacts[ArtifactNames.Attributes] = DraftArtifact.FromBytes(encoders.Pins().Write());
        AddDesign(artifacts);
    }

    private static void AddEncoders(
        string artifact, FeatureEncoders encoders, Dictionary<string, DraftArtifact> artifacts)
    {
        artifacts[artifact] = DraftArtifact.FromBytes(encoders.Save());
        foreach ((string name, byte[] bytes) in encoders.Files)
        {
            artifacts[name] = DraftArtifact.FromBytes(bytes);
        }
    }

    private void AddDesign(Dictionary<string, DraftArtifact> artifacts) =>
        artifacts[ArtifactNames.Design] = DraftArtifact.FromBytes(Encoding.UTF8.GetBytes(options.SpecText));

    /// <summary>Adds the index of the items, by way of a file: it may be as large as the model.</summary>
    private StagedFile? StageIndex(
        IItemScorer scorer, Dictionary<string, DraftArtifact> artifacts, CancellationToken cancellationToken)
    {
        if (options.Index?.Invoke(scorer, cancellationToken) is not { } index)
        {
            return null;
        }

        var staged = StagedFile.Create(store.StagingFolder);
        using FileStream file = new(staged.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        index.Save(file);
        artifacts[ArtifactNames.Index] = DraftArtifact.FromFile(staged.Path);
        return staged;
    }

    /// <summary>Adds what orders the candidates: the model, its encoders, the features it reads with the versions of
    /// their views, and the file that defines them.</summary>
    private void AddRank(RankOutcome? rank, Dictionary<string, DraftArtifact> artifacts)
    {
        if (rank is not null)
        {
            artifacts[ArtifactNames.RankReport] = DraftArtifact.FromBytes(rank.Report.Write());
        }

        if (rank?.Model is { } model)
        {
            artifacts[ArtifactNames.Rank] = Bytes(model.Scorer);
            AddEncoders(ArtifactNames.Encoders, model.Encoders, artifacts);
            artifacts[ArtifactNames.Features] = DraftArtifact.FromBytes(PinnedFeatures.Of(model.Features, model.Encoders.Texts, model.Views).Write());
            AddDesign(artifacts);
        }
    }

    private void AddRank(
        RankOutcome? rank, Dictionary<string, string> parameters, Dictionary<string, ModelMetric> metrics)
    {
        if (rank is not { Model: { } model, Report: { Ranked: { } figures, Shown: { } shown } })
        {
            return;
        }

        parameters[ArtifactNames.RankKind] = model.Scorer.Kind;
        foreach (ModelParameter parameter in ModelCatalogue.Default.FindRows(model.Scorer.Kind).Parameters)
        {
            double value = spec.Model.Rank!.Parameters.GetValueOrDefault(parameter.Name, parameter.Default);
            parameters[$"rank.{parameter.Name}"] = value.ToString(CultureInfo.InvariantCulture);
        }

        parameters["rank.imbalance"] = spec.Training.Imbalance.Kind;
        metrics["rank.shown_auc"] = new ModelMetric(shown.Challenger);
        metrics["rank.shown_auc_gain"] = new ModelMetric(shown.Difference, shown.Low, shown.High);
        metrics["rank.log_loss"] = new ModelMetric(figures.Metrics["log_loss"]);
        metrics["rank.normalised_entropy"] = new ModelMetric(figures.Metrics["normalised_entropy"]);
    }

    private static DraftArtifact Bytes(IModel scorer)
    {
        MemoryStream bytes = new();
        scorer.Save(bytes);
        return DraftArtifact.FromBytes(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }
}
