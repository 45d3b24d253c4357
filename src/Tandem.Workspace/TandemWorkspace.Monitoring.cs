using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Concept;
using Tandem.Monitoring.Drift;
using Tandem.Registry;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private readonly DriftReports _reports;
    private readonly Lock _conceptGate = new();
    private readonly List<DateTimeOffset> _detections = [];
    private readonly Lock _labelGate = new();
    private readonly LabelRule _label;
    private ConceptMonitor _concept;
    private ModelVersion? _champion;
    private DriftReport? _lastReport;
    private int _reportCount;
    private int _alertCount;
    private Alert? _pendingAlert;
    private volatile bool _isRetrainWanted;

    /// <summary>When concept drift was detected in this process, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Detections
    {
        get
        {
            lock (_conceptGate)
            {
                return [.. _detections];
            }
        }
    }

    /// <summary>True where the label rule calls an event a positive.</summary>
    /// <param name="record">Any event.</param>
    public bool IsPositive(EventRecord record)
    {
        lock (_labelGate)
        {
            return _label.IsPositive(record);
        }
    }

    /// <summary>Compares the feature values that a day's answers used with the champion's training set.</summary>
    /// <param name="from">Start of the day, inclusive.</param>
    /// <param name="to">End of the day, exclusive.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The report, or null where there is no champion with profiles, or no impressions are logged.</returns>
    public async Task<DriftReport?> ReportDriftAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken = default)
    {
        if (ProfiledChampion is not { } champion || Spec.Objective.Label.Impression is not { } impression)
        {
            return null;
        }

        IReadOnlyList<string> watched = Spec.Monitoring.Drift.Features;
        FeatureProfile[] profiles =
        [
            .. (await ReadProfilesAsync(champion, cancellationToken).ConfigureAwait(false))
                .Where(profile => watched.Count == 0 || watched.Contains(profile.Name, StringComparer.Ordinal)),
        ];
        List<FeatureColumn> columns;
        using (LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            columns = ImpressionColumns.Read(
                snapshot, impression, FeatureSet.Create(_views), [.. profiles.Select(static profile => profile.Name)],
                from, to, cancellationToken);
        }

        DriftReport report = NewDriftMonitor().Compare(
            Spec.Name, champion.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), profiles, columns);
        await _reports.AddAsync(report, cancellationToken).ConfigureAwait(false);
        _lastReport = report;
        _reportCount++;
        if (report.ToAlert() is { } alert)
        {
            await RaiseAsync(alert, cancellationToken).ConfigureAwait(false);
        }

        return report;
    }

    /// <summary>The version that serves, where it kept how its features lay; else null.</summary>
    private ModelVersion? ProfiledChampion =>
        _champion?.Artifacts.Any(static artifact => artifact.Name == ArtifactNames.Profiles) == true ? _champion : null;

    private DriftMonitor NewDriftMonitor() => new(
        new DriftOptions
        {
            MinimumPsi = Spec.Monitoring.Drift.MinimumPsi,
            MinimumKs = Spec.Monitoring.Drift.MinimumKs,
            Alpha = Spec.Monitoring.Drift.Alpha,
            MinimumRows = Spec.Monitoring.Drift.MinimumRows,
        },
        _options.Clock);

    private ConceptMonitor NewConceptMonitor() => new(
        Spec.Name,
        new ConceptOptions
        {
            TopPositions = Spec.Monitoring.Concept.TopPositions,
            Delta = Spec.Monitoring.Concept.Delta,
            MinimumRise = Spec.Monitoring.Concept.MinimumRise,
        },
        _options.Clock);

    /// <summary>Called by the stream for every chosen item that answers a known list.</summary>
    private void OnChosen(int rank)
    {
        lock (_conceptGate)
        {
            Alert? alert = _concept.Add(rank, ServedVersion ?? "none");
            if (alert is { Kind: AlertKind.ConceptDrift })
            {
                _detections.Add(alert.Time);
                _pendingAlert = alert;
            }
        }
    }

    // A model trained again would be served with the same skew: that alert is for people.
    private async Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
    {
        _alertCount++;
        if (Spec.Monitoring.Retrain && !_isRetrainWanted && alert.Kind != AlertKind.Skew)
        {
            _isRetrainWanted = true;
            _driftFoundAt = alert.Time;
        }

        await AppendAsync([alert.ToEvent(_options.Tenant)], cancellationToken).ConfigureAwait(false);
    }

    private async Task RaisePendingAsync(CancellationToken cancellationToken)
    {
        Alert? alert;
        lock (_conceptGate)
        {
            alert = _pendingAlert;
            _pendingAlert = null;
        }

        if (alert is not null)
        {
            await RaiseAsync(alert, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<FeatureProfile>> ReadProfilesAsync(
        ModelVersion champion, CancellationToken cancellationToken)
    {
        Stream stream = await Registry.OpenArtifactAsync(champion, ArtifactNames.Profiles, cancellationToken)
            .ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            MemoryStream bytes = new();
            await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return FeatureProfiles.Read(bytes.ToArray());
        }
    }
}
