using System.Globalization;
using System.Text;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Training.Outcomes;
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
        IItemScorer scorer = best.Kind.Fit(
            data.All, best.Parameters, context with { WarmStart = best.Start }, cancellationToken);
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

        AddRows(rank?.Report, rank?.Model, artifacts);
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

    /// <summary>Registers a model that predicts; it was fitted on everything already.</summary>
    public async Task<ModelVersion> PublishAsync(
        LakeSnapshot snapshot, LabelledSet set, OutcomeTrial trial, TrainingRequest request,
        CancellationToken cancellationToken)
    {
        await set.Set.SaveAsync(store, cancellationToken).ConfigureAwait(false);
        Dictionary<string, DraftArtifact> artifacts = new(StringComparer.Ordinal)
        {
            [ArtifactNames.Evaluation] = DraftArtifact.FromBytes(EvaluationJson.Write(trial.Result)),
            [ArtifactNames.Profiles] = DraftArtifact.FromBytes(SetProfiles.Write(set.Set)),
        };
        AddRows(trial.Report, trial.Model, artifacts);
        Dictionary<string, string> parameters = new(StringComparer.Ordinal)
        {
            [ArtifactNames.RankKind] = trial.Model.Scorer.Kind,
        };
        Add(ModelCatalogue.Default.FindRows(trial.Report.Kind).Parameters, trial.Parameters, "", parameters);
        return await registry.PublishAsync(
            new ModelDraft
            {
                Model = spec.Name,
                Kind = trial.Report.Kind,
                Artifacts = artifacts,
                Lineage = Lineage(snapshot, request, set.Set.Hash, parameters, MetricsOf(trial.Report.Ranked!)) with
                {
                    Window = new DataWindow(set.From, set.To),
                },
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
        Add(best.Kind.Parameters, best.Parameters, "", parameters);
        Dictionary<string, ModelMetric> metrics = MetricsOf(best.Evaluation);
        if (best.Start is not null)
        {
            parameters[ArtifactNames.WarmStart] = request.Champion!.Version.ToString(CultureInfo.InvariantCulture);
        }

        AddRank(rank, parameters, metrics);
        return Lineage(snapshot, request, setHash, parameters, metrics) with { Window = data.Window };
    }

    private ModelLineage Lineage(
        LakeSnapshot snapshot, TrainingRequest request, string setHash, IReadOnlyDictionary<string, string> parameters,
        IReadOnlyDictionary<string, ModelMetric> metrics) => new()
        {
            Cause = request.Cause,
            SpecHash = options.SpecHash,
            TrainingSetHash = setHash,
            LakeManifest = snapshot.Manifest.Number,
            CodeVersion = options.CodeVersion,
            Seed = spec.Training.Seed,
            Parent = request.Champion?.Version,
            Parameters = parameters,
            Metrics = metrics,
        };

    private static Dictionary<string, ModelMetric> MetricsOf(ModelEvaluation evaluation) => evaluation.Metrics.ToDictionary(
        static metric => metric.Key,
        metric => evaluation.Intervals.TryGetValue(metric.Key, out double[]? interval)
            ? new ModelMetric(metric.Value, interval[0], interval[1])
            : new ModelMetric(metric.Value),
        StringComparer.Ordinal);

    private static void Add(
        IReadOnlyList<ModelParameter> known, IReadOnlyDictionary<string, double> given, string prefix,
        Dictionary<string, string> parameters)
    {
        foreach (ModelParameter parameter in known)
        {
            double value = given.GetValueOrDefault(parameter.Name, parameter.Default);
            parameters[prefix + parameter.Name] = value.ToString(CultureInfo.InvariantCulture);
        }
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

    /// <summary>Adds a model that reads features: the model, its encoders, the features it reads with the versions of their
    /// views, and the file that defines them.</summary>
    private void AddRows(RankReport? report, RowModel? model, Dictionary<string, DraftArtifact> artifacts)
    {
        if (report is not null)
        {
            artifacts[ArtifactNames.RankReport] = DraftArtifact.FromBytes(report.Write());
        }

        if (model is not null)
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
        Add(
            ModelCatalogue.Default.FindRows(model.Scorer.Kind).Parameters, spec.Model.Rank!.Parameters, "rank.", parameters);

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
