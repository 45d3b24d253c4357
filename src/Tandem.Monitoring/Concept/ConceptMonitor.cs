using System.Globalization;
using System.Numerics;
using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Files;
using Tandem.Numerics.Statistics;

namespace Tandem.Monitoring.Concept;

/// <summary>Watches the stream of realised errors: of the items that people chose, how many had the model not ranked
/// among its first?</summary>
/// <remarks>A rise of the error rate is an alarm, a fall is a notice of improvement. Not thread safe: one stream, one
/// monitor. Allocates nothing unless the rate changes.</remarks>
public sealed class ConceptMonitor
{
    private const string Format = "tandem.concept-monitor";

    /// <summary>Choices after a rise too small to alarm at which the rate is looked at again, and at each doubling: at the
    /// cut itself it still holds some of the old.</summary>
    private const int ConfirmingCount = 1000;

    private readonly string _where;
    private readonly ConceptOptions _options;
    private readonly TimeProvider _clock;
    private readonly Adwin _window;

    /// <summary>A rise too small to alarm, measured from before the first of them; null where there was none.</summary>
    private AdwinCut? _doubt;

    /// <summary>Starts watching.</summary>
    /// <param name="where">Name of the model.</param>
    /// <param name="options">Settings.</param>
    /// <param name="clock">Gives the time of alerts.</param>
    public ConceptMonitor(string where, ConceptOptions options, TimeProvider clock)
        : this(where, options, clock, new Adwin(Detector(options)))
    {
    }

    private ConceptMonitor(string where, ConceptOptions options, TimeProvider clock, Adwin window)
    {
        ArgumentException.ThrowIfNullOrEmpty(where);
        ArgumentNullException.ThrowIfNull(clock);
        _where = where;
        _options = options;
        _clock = clock;
        _window = window;
    }

    /// <summary>Choices seen since the start.</summary>
    public long Observed { get; private set; }

    /// <summary>Rises of the error rate found since the start.</summary>
    public int Rises { get; private set; }

    /// <summary>Error rate since it last changed, in [0, 1]; null before the first choice.</summary>
    public double? ErrorRate => _window.Width == 0 ? null : _window.Mean;

    /// <summary>Adds a choice.</summary>
    /// <param name="rank">Where the model had ranked the chosen item, from 1; null where it had not ranked it.</param>
    /// <param name="modelVersion">Version of the model that ranked.</param>
    /// <returns>An alert where the error rate has changed: a warning for a rise, a notice for a fall; else
    /// null.</returns>
    public Alert? Add(int? rank, string modelVersion)
    {
        bool isError = rank is null || rank > _options.TopPositions;
        double value = isError ? 1 : 0;
        Observed++;
        if (_window.Add(value) && _window.LastCut is { } cut)
        {
            if (cut.NewMean <= cut.OldMean)
            {
                _doubt = null;
                return Describe(cut, modelVersion);
            }

            return Judge(Since(cut), modelVersion);
        }

        return _doubt is { } doubt && IsDueAgain(_window.Width)
            ? Judge(doubt with { NewCount = _window.Width, NewMean = _window.Mean }, modelVersion)
            : null;
    }

    /// <summary>Writes everything the next choices depend on; JSON, <c>tandem.concept-monitor/1</c>.</summary>
    public byte[] Save()
    {
        ConceptState state = new(_where, _options, Observed, Rises, _window.Save()) { Doubt = _doubt };
        return MonitoringFile.Write(state, Format, MonitoringJson.Default.MonitoringEnvelopeConceptState);
    }

    /// <summary>Continues where <see cref="Save"/> left off.</summary>
    /// <param name="file">What <see cref="Save"/> gave.</param>
    /// <param name="clock">Gives the time of alerts.</param>
    /// <exception cref="Faults.TandemException">MON001: this is not the state of a monitor. MON002: it was written by a
    /// newer Tandem.</exception>
    public static ConceptMonitor Restore(ReadOnlyMemory<byte> file, TimeProvider clock)
    {
        const string Place = "concept monitor";
        ConceptState state =
            MonitoringFile.Read(file, Place, Format, MonitoringJson.Default.MonitoringEnvelopeConceptState);
        return state.Window.IsWhole()
            ? new ConceptMonitor(state.Where, state.Options, clock, Adwin.Restore(state.Window))
            {
                Observed = state.Observed,
                Rises = state.Rises,
                _doubt = state.Doubt,
            }
            : throw MonitoringErrors.NotWhatWasWritten(Place, Format);
    }

    private static AdwinOptions Detector(ConceptOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new AdwinOptions { Delta = options.Delta };
    }

    private static bool IsDueAgain(long width) =>
        width % ConfirmingCount == 0 && BitOperations.IsPow2(width / ConfirmingCount);

    /// <summary>A rise, measured from before earlier ones that were too small to alarm.</summary>
    private AdwinCut Since(AdwinCut cut) =>
        _doubt is { } earlier && earlier.OldMean < cut.OldMean
            ? cut with { OldCount = earlier.OldCount, OldMean = earlier.OldMean }
            : cut;

    private Alert? Judge(AdwinCut rise, string modelVersion)
    {
        if (rise.NewMean - rise.OldMean < _options.MinimumRise)
        {
            _doubt = rise;
            return null;
        }

        _doubt = null;
        Rises++;
        return Describe(rise, modelVersion);
    }

    private Alert Describe(AdwinCut cut, string modelVersion)
    {
        bool isRise = cut.NewMean > cut.OldMean;
        double effect = cut.NewMean - cut.OldMean;
        double error = Math.Sqrt(cut.Variance * ((1.0 / cut.OldCount) + (1.0 / cut.NewCount)));
        string kind = isRise ? "concept-drift" : "improvement";
        return new Alert
        {
            Kind = isRise ? AlertKind.ConceptDrift : AlertKind.Improvement,
            Severity = isRise ? AlertSeverity.Warning : AlertSeverity.Notice,
            What = string.Create(
                CultureInfo.InvariantCulture,
                $"The error rate of {_where} {(isRise ? "rose" : "fell")} from {cut.OldMean:P1} to {cut.NewMean:P1}: " +
                $"chosen items that version {modelVersion} had not ranked among its first {_options.TopPositions}."),
            Where = _where,
            Time = _clock.GetUtcNow(),
            Key = string.Create(CultureInfo.InvariantCulture, $"{kind}:{_where}:{modelVersion}:{Observed}"),
            Evidence = new AlertEvidence
            {
                Measure = "change of the error rate",
                Effect = effect,
                P = Math.Min(1, 2 * StandardNormal.Survival(Math.Abs(effect) / error)),
                Rows = cut.OldCount + cut.NewCount,
                Reference = modelVersion,
            },
        };
    }
}
