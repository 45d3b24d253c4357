using Tandem.Features;
using Tandem.Lake;
using Tandem.Monitoring.Drift;
using Tandem.Registry;
using Tandem.Spec;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private static readonly TimeSpan LiveWindow = TimeSpan.FromDays(1);

    /// <summary>Describes every feature, with its values in the champion's training set and in the answers of the last
    /// day that reached the lake.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>Reads the day's impressions from the lake, 200,000 of them at most.</remarks>
    public async Task<FeatureCatalogue> FeaturesAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _options.Clock.GetUtcNow();
        var set = FeatureSet.Create(_views);
        ModelVersion? champion = await ChampionVersionAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<FeatureProfile> train = champion is null
            ? []
            : await ReadProfilesAsync(champion, cancellationToken).ConfigureAwait(false);
        List<FeatureColumn> live = await LiveColumnsAsync(set, now, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<FeatureDrift> drifts = train.Count == 0 || live.Count == 0
            ? []
            : NewDriftMonitor().Compare(Spec.Name, "", train, live).Features;
        return new FeatureCatalogue(
            Spec.Name, now, champion?.Number, champion?.Lineage.TrainingSetHash, now - LiveWindow,
            live.Count == 0 ? 0 : live[0].Values.Length,
            [.. _views.Select(view => Entry(view, train, live, drifts))]);
    }

    /// <summary>Says what the features of an entity were as of a moment, and the events behind them.</summary>
    /// <param name="view">Name of the view.</param>
    /// <param name="id">Id of the entity; any text for the global entity.</param>
    /// <param name="asOf">The moment, or null for now.</param>
    /// <param name="most">Events to show, 0 to <see cref="HistoryReader.MostEvents"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP060: there is no such view.</exception>
    public async Task<EntityHistory> ExplainFeaturesAsync(
        string view, string id, DateTimeOffset? asOf, int most, CancellationToken cancellationToken = default)
    {
        FeatureView found = _views.FirstOrDefault(each => each.Name == view)
            ?? throw WorkspaceErrors.NoFeatureView(view, [.. _views.Select(static each => each.Name)]);
        using LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await HistoryReader.ReadAsync(
            snapshot, _journal, found, id, asOf ?? _options.Clock.GetUtcNow(), most, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<ModelVersion?> ChampionVersionAsync(CancellationToken cancellationToken)
    {
        AliasChange? champion = await Registry.AliasAsync(Spec.Name, "champion", cancellationToken)
            .ConfigureAwait(false);
        string? version = champion?.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        ModelVersion? found = version is null
            ? null
            : await Registry.FindAsync(Spec.Name, version, cancellationToken).ConfigureAwait(false);
        return found?.Artifacts.Any(static artifact => artifact.Name == ArtifactNames.Profiles) == true ? found : null;
    }

    private async Task<List<FeatureColumn>> LiveColumnsAsync(
        FeatureSet set, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Spec.Objective.Label.Impression is not { } impression)
        {
            return [];
        }

        using LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await Task.Run(
            () => ImpressionColumns.Read(snapshot, impression, set, set.Names, now - LiveWindow, now, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    private FeatureViewEntry Entry(
        FeatureView view, IReadOnlyList<FeatureProfile> train, List<FeatureColumn> live,
        IReadOnlyList<FeatureDrift> drifts)
    {
        FeatureViewSpec spec = Spec.Features[view.Name];
        return new FeatureViewEntry(
            view.Name, view.Entity, view.Source, spec.Description, spec.Owner, view.Version,
            [.. spec.Where.Select(static condition => condition.ToString())],
            view.TimeToLive is { } life ? DurationText.Write(life) : null,
            _features?.NewestEvent(view), [.. view.Features.Select(FeatureOf)]);

        FeatureEntry FeatureOf(FeatureDefinition feature)
        {
            string name = $"{view.Name}:{feature.Name}";
            FeatureColumn? column = live.FirstOrDefault(each => each.Name == name);
            FeatureDrift? drift = drifts.FirstOrDefault(each => each.Name == name);
            (FeatureSpread? trained, FeatureSpread? served, IReadOnlyList<double> edges) = FeatureSpreads.Of(
                train.FirstOrDefault(each => each.Name == name),
                column is null ? null : FeatureProfile.Of(name, column.Values.Span));
            return new FeatureEntry(
                feature.Name, feature.ToString(), feature.Operator.Summary,
                feature.Kind.ToString().ToLowerInvariant(), trained, served, edges,
                drift?.Psi, drift?.Words);
        }
    }
}
