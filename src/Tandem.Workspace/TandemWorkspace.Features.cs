using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Monitoring.Drift;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Training.Ranking;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private static readonly TimeSpan LiveWindow = TimeSpan.FromDays(1);
    private static readonly TimeSpan DescribedFor = TimeSpan.FromMinutes(10);

    private volatile DescribedFeatures? _described;

    /// <summary>Describes every feature, with its values in the champion's training set and in the answers of the last
    /// day that reached the lake.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>Reads the day's impressions from the lake, 200,000 of them at most, once for each state of the lake:
    /// pages ask every few seconds.</remarks>
    public async Task<FeatureCatalogue> FeaturesAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _options.Clock.GetUtcNow();
        ModelVersion? champion = ProfiledChampion;
        using LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        long manifest = snapshot.Manifest.Number;
        if (_described is not { } before || before.Manifest != manifest || before.Catalogue.Model != champion?.Number
            || now - before.Catalogue.Time >= DescribedFor)
        {
            FeatureCatalogue fresh =
                await DescribeAsync(snapshot, champion, now, cancellationToken).ConfigureAwait(false);
            _described = before = new DescribedFeatures(manifest, fresh);
        }

        return before.Catalogue with
        {
            Time = now,
            Views =
            [
                .. before.Catalogue.Views.Zip(
                    _views, (entry, view) => entry with
                    {
                        NewestEvent = NewestEvent(view),
                        Features =
                        [
                            .. entry.Features.Select(each => each with { Skew = SkewOf($"{view.Name}:{each.Name}") }),
                        ],
                    }),
            ],
        };
    }

    private double? SkewOf(string feature) =>
        _lastSkew?.Features.FirstOrDefault(each => each.Name == feature) is { Rows: > 0 } found
            ? (double)found.Mismatched / found.Rows
            : null;

    private DateTimeOffset? NewestEvent(FeatureView view) =>
        _server is not null ? _server.NewestEvent(view) : _features?.NewestEvent(view);

    /// <summary>Says what the features of an entity were as of a moment, and the events behind them.</summary>
    /// <param name="view">Name of the view.</param>
    /// <param name="id">Id of the entity; any text for the global entity.</param>
    /// <param name="asOf">The moment, or null for now.</param>
    /// <param name="most">Events to show, 0 to <see cref="HistoryReader.MostEvents"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP060: there is no such view; WSP070: its features are
    /// computed when they are read.</exception>
    public async Task<EntityHistory> ExplainFeaturesAsync(
        string view, string id, DateTimeOffset? asOf, int most, CancellationToken cancellationToken = default)
    {
        FeatureView found = _views.FirstOrDefault(each => each.Name == view)
            ?? throw WorkspaceErrors.NoFeatureView(view, [.. _views.Select(static each => each.Name)]);
        if (found.IsComputed)
        {
            throw WorkspaceErrors.NoHistory(
                view, found.Features.SelectMany(static feature => feature.Reads).Distinct(StringComparer.Ordinal));
        }

        using LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await HistoryReader.ReadAsync(
            snapshot, _journal, found, id, asOf ?? _options.Clock.GetUtcNow(), most, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<FeatureCatalogue> DescribeAsync(
        LakeSnapshot snapshot, ModelVersion? champion, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var set = FeatureSet.Create(_views);
        IReadOnlyList<FeatureProfile> train = champion is null
            ? []
            : await ReadProfilesAsync(champion, cancellationToken).ConfigureAwait(false);
        List<FeatureColumn> live = Spec.Objective.Label.Impression is not { } impression
            ? []
            : await Task.Run(
                () => ImpressionColumns.Read(
                    snapshot, impression, set, set.Names, now - LiveWindow, now, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        IReadOnlyList<FeatureDrift> drifts = train.Count == 0 || live.Count == 0
            ? []
            : NewDriftMonitor().Compare(Spec.Name, "", train, live).Features;
        RankReport? rank = champion is null
            ? null
            : await RankReportAsync(champion, cancellationToken).ConfigureAwait(false);
        return new FeatureCatalogue(
            Spec.Name, now, champion?.Number, champion?.Lineage.TrainingSetHash, now - LiveWindow,
            live.Count == 0 ? 0 : live[0].Values.Length,
            [.. _views.Select(view => Entry(view, train, live, drifts, rank))])
        {
            Ranking = rank is null
                ? null
                : new RankingEntry(
                    rank.Kind, rank.IsKept, rank.Reason, ImportanceOf(rank, RowModel.RetrievalScore)?.Permutation),
            Request =
            [
                .. RequestColumns.Select(name => (Name: name, Column: Spec.Sources[Spec.Objective.Label.Impression!].Columns[name]))
                    .Select(static each => new ContextColumn(each.Name, WordOf(each.Column.Type), each.Column.IsRequired)),
            ],
        };
    }

    private static string WordOf(ColumnType type) => type switch
    {
        ColumnType.NumberList => "numbers",
        ColumnType.TextList => "texts",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>What the champion's ranking model makes of a feature; null where it is not used.</summary>
    private static FeatureImportance? ImportanceOf(RankReport? rank, string feature) =>
        rank is not { IsKept: true } ? null : rank.Importance.FirstOrDefault(each => each.Name == feature);

    private FeatureViewEntry Entry(
        FeatureView view, IReadOnlyList<FeatureProfile> train, List<FeatureColumn> live,
        IReadOnlyList<FeatureDrift> drifts, RankReport? rank)
    {
        FeatureViewSpec spec = Spec.Features[view.Name];
        return new FeatureViewEntry(
            view.Name, EntityOf(view), view.Source, spec.Description, spec.Owner, view.Version,
            [.. spec.Where.Select(static condition => condition.ToString())],
            view.TimeToLive is { } life ? DurationText.Write(life) : null, NewestEvent: null,
            [.. view.Features.Select(FeatureOf)]);

        static string EntityOf(FeatureView view) => view.IsComputed
            ? string.Join(", ", view.Features.SelectMany(static each => each.Entities).Distinct(StringComparer.Ordinal))
            : view.Entity;

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
                drift?.Psi, drift?.Words)
            {
                Importance = ImportanceOf(rank, name)?.Permutation,
                Weight = ImportanceOf(rank, name)?.Weight,
            };
        }
    }

    /// <summary>What the lake and the champion say of the features.</summary>
    private sealed record DescribedFeatures(long Manifest, FeatureCatalogue Catalogue);
}
