using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Spec;
using Tandem.Training.Ranking;

namespace Tandem.Workspace;

/// <summary>Models that read features are tied to what these meant when they were trained. As long as such a version may
/// serve, its definitions are computed: by the store of the present ones where they are the same, else by one of their
/// own.</summary>
public sealed partial class TandemWorkspace
{
    private const string RankJob = "ranking";

    // Stores beside that of the present definitions, each with the views of a version that may serve.
    private readonly List<FeatureStore> _pinned = [];

    /// <summary>Makes a store for each version that may serve soon, the champion and the one before it, whose views are
    /// not the present ones.</summary>
    private async Task PinStoresAsync(CancellationToken cancellationToken)
    {
        if (_features is null && (Spec.Model.Rank is not null || Spec.IsPredicted || ReadsAttributes()))
        {
            // Online features are held by a server: models read them here.
            _pinned.Add(NewFeatureStore(_views));
        }

        foreach (int number in await LiveVersionsAsync(cancellationToken).ConfigureAwait(false))
        {
            ModelVersion? version = await Registry
                .FindAsync(Spec.Name, number.ToString(CultureInfo.InvariantCulture), cancellationToken)
                .ConfigureAwait(false);
            foreach (string artifact in version is null ? (string[])[] : [ArtifactNames.Features, ArtifactNames.Attributes])
            {
                if (await PinnedOfAsync(version!, artifact, cancellationToken).ConfigureAwait(false) is { } pinned
                    && StoreOf(pinned) is null
                    && await PinnedViewsAsync(version!, pinned, cancellationToken).ConfigureAwait(false) is { } views)
                {
                    _pinned.Add(NewFeatureStore(views));
                }
            }
        }
    }

    /// <summary>True where retrieval may read what is known of users and items.</summary>
    private bool ReadsAttributes() => Spec.Training.Candidates.Prepend(Spec.Model.Retrieve)
        .Any(static choice => ModelCatalogue.Default.Find(choice.Kind).ReadsAttributes);

    /// <summary>The champion, and the version that a roll-back would bring back.</summary>
    private async Task<IReadOnlyList<int>> LiveVersionsAsync(CancellationToken cancellationToken)
    {
        List<int> versions = [];
        await foreach (AliasChange change in Registry.HistoryAsync(Spec.Name, "champion", cancellationToken)
            .ConfigureAwait(false))
        {
            versions.AddRange(new[] { change.Version, change.Previous }.OfType<int>());
            if (versions.Distinct().Count() >= 2)
            {
                break;
            }
        }

        return [.. versions.Distinct().Take(2)];
    }

    /// <summary>Fills the pinned stores from the lake, and from the log up to where the store of the present definitions
    /// is.</summary>
    private async Task RestorePinnedAsync(
        LakeSnapshot snapshot, IJournal journal, JournalPosition until, CancellationToken cancellationToken)
    {
        foreach (FeatureStore store in _pinned)
        {
            await store.RestoreAsync(snapshot, cancellationToken).ConfigureAwait(false);
            await foreach (JournalBatch batch in journal
                .ReadUntilAsync(store.AppliedUntil, until, cancellationToken).ConfigureAwait(false))
            {
                store.Apply(batch);
            }
        }
    }

    /// <summary>Brings what orders a version's candidates into memory; a fault where that cannot be, and the order of
    /// retrieval is served.</summary>
    private async Task<(ServedRowModel? Ranker, Fault? Fault)> RankerAsync(
        ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            if (await PinnedOfAsync(version, ArtifactNames.Features, cancellationToken).ConfigureAwait(false)
                is not { } pinned)
            {
                return (null, null);
            }

            if (StoreOf(pinned) is not { } store)
            {
                string number = version.Number.ToString(CultureInfo.InvariantCulture);
                return (null, ServedRowModel.NotComputed(number, pinned.Missing(_views)));
            }

            (FeatureEncoders encoders, IRowScorer scorer) =
                await ReadRankAsync(version, cancellationToken).ConfigureAwait(false);
            (string user, string item) = ServingLoop.Roles(Spec);
            return (new ServedRowModel(store, pinned.Find(store.Views)!, encoders, scorer, user, item), null);
        }
        catch (TandemException damaged)
        {
            return (null, damaged.Fault);
        }
    }

    /// <summary>What is done about a version's probabilities; a fault where that cannot be read.</summary>
    private async Task<(DecisionRule? Rule, Fault? Fault)> RuleAsync(
        ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            RankReport? report = await RankReportAsync(version, cancellationToken).ConfigureAwait(false);
            return (report?.Decision?.Rule, null);
        }
        catch (TandemException damaged)
        {
            return (null, damaged.Fault);
        }
    }

    /// <summary>How a version's ranking model compared with the order of retrieval, and what it leans on; null where the
    /// version was trained without one.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">REG007: the report is missing or damaged.</exception>
    public async Task<RankReport?> RankReportAsync(ModelVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Has(version, ArtifactNames.RankReport)
            ? RankReport.Read(
                await ReadArtifactAsync(version, ArtifactNames.RankReport, cancellationToken).ConfigureAwait(false))
            : null;
    }

    /// <summary>What orders the champion's candidates, as training judges it; null where it serves the order of
    /// retrieval.</summary>
    private async Task<RowModel?> RankModelAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            if (await PinnedOfAsync(version, ArtifactNames.Features, cancellationToken).ConfigureAwait(false)
                is not { } pinned
                || await PinnedViewsAsync(version, pinned, cancellationToken).ConfigureAwait(false) is not { } views)
            {
                return null;
            }

            (FeatureEncoders encoders, IRowScorer scorer) =
                await ReadRankAsync(version, cancellationToken).ConfigureAwait(false);
            return new RowModel(pinned.Find(views)!, views, encoders, scorer);
        }
        catch (TandemException)
        {
            // It serves the order of retrieval for the same reason.
            return null;
        }
    }

    private FeatureStore? StoreOf(PinnedFeatures pinned)
    {
        IEnumerable<FeatureStore> stores = _features is { } present ? [present, .. _pinned] : _pinned;
        return stores.FirstOrDefault(store => pinned.Find(store.Views) is not null);
    }

    private async Task<PinnedFeatures?> PinnedOfAsync(
        ModelVersion version, string artifact, CancellationToken cancellationToken) => Has(version, artifact)
            ? PinnedFeatures.Read(await ReadArtifactAsync(version, artifact, cancellationToken).ConfigureAwait(false))
            : null;

    private static bool Has(ModelVersion version, string artifact) =>
        version.Artifacts.Any(each => each.Name == artifact);

    /// <summary>The views of a version as it was trained on them: the present ones, or those of the file that it keeps, over
    /// the present sources. Null where they can no longer be computed.</summary>
    private async Task<IReadOnlyList<FeatureView>?> PinnedViewsAsync(
        ModelVersion version, PinnedFeatures pinned, CancellationToken cancellationToken)
    {
        if (pinned.Find(_views) is not null)
        {
            return _views;
        }

        byte[] design = await ReadArtifactAsync(version, ArtifactNames.Design, cancellationToken).ConfigureAwait(false);
        var file = SpecFile.Parse(Encoding.UTF8.GetString(design), ArtifactNames.Design, WorkspaceVocabulary.Build());
        if (file.Spec is not { } then)
        {
            return null;
        }

        try
        {
            // Views that are computed when they are read need others, which the store keeps by itself.
            FeatureView[] views =
            [
                .. FeatureView.CompileAll(Spec with { Features = then.Features })
                    .Where(view => pinned.Views.ContainsKey(view.Name)),
            ];
            return pinned.Find(views) is null ? null : views;
        }
        catch (Exception gone) when (gone is TandemException or KeyNotFoundException)
        {
            // A source or a column that they read is no longer there.
            return null;
        }
    }

    private async Task<(FeatureEncoders Encoders, IRowScorer Scorer)> ReadRankAsync(
        ModelVersion version, CancellationToken cancellationToken)
    {
        FeatureEncoders encoders =
            await ReadEncodersAsync(version, ArtifactNames.Encoders, cancellationToken).ConfigureAwait(false);
        byte[] weights = await ReadArtifactAsync(version, ArtifactNames.Rank, cancellationToken).ConfigureAwait(false);
        string kind = version.Lineage.Parameters.GetValueOrDefault(ArtifactNames.RankKind, "");
        return (encoders, ModelCatalogue.Default.FindRows(kind).Load(new MemoryStream(weights)));
    }

    private async Task<FeatureEncoders> ReadEncodersAsync(
        ModelVersion version, string artifact, CancellationToken cancellationToken)
    {
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (ModelArtifact file in version.Artifacts.Where(
            static artifact => FeatureEncoders.IsFile(artifact.Name)))
        {
            files[file.Name] = await ReadArtifactAsync(version, file.Name, cancellationToken).ConfigureAwait(false);
        }

        return FeatureEncoders.Load(
            await ReadArtifactAsync(version, artifact, cancellationToken).ConfigureAwait(false), files, _folder);
    }

    private async Task<byte[]> ReadArtifactAsync(
        ModelVersion version, string name, CancellationToken cancellationToken)
    {
        Stream stream = await Registry.OpenArtifactAsync(version, name, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            MemoryStream bytes = new();
            await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes.ToArray();
        }
    }
}
