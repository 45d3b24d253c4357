using System.Reflection;
using Tandem.Backends.RabbitMq;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Monitoring.Drift;
using Tandem.Monitoring.Skew;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Training;

namespace Tandem.Workspace;

/// <summary>A running system, made from its tandem.yaml: opens the stores, runs both loops, and publishes one live
/// snapshot of itself.</summary>
/// <remarks>Thread safe. One process writes a store; others open it with
/// <see cref="WorkspaceOptions.IsReader"/>.</remarks>
public sealed partial class TandemWorkspace : IAsyncDisposable
{
    private readonly WorkspaceOptions _options;
    private readonly string _folder;
    private readonly StoreLocation _location;
    private readonly StoreLayout _layout;
    private readonly IObjectStore _store;
    private readonly IJournal? _journal;
    private readonly ParquetLake _lake;
    private readonly TrainingLoop _training;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _work = new(1, 1);

    private TandemWorkspace(
        WorkspaceOptions options, SpecFile file, StoreLocation location, IObjectStore store, IJournal? journal,
        ParquetLake lake)
    {
        _options = options;
        _location = location;
        _layout = new StoreLayout(options.Tenant);
        _store = store;
        _journal = journal;
        _lake = lake;
        _file = file;
        Spec = file.Spec!;
        Registry = new ModelRegistry(store.Under(_layout.Registry), options.Clock);
        Quarantine = new Quarantine(store.Under(_layout.Quarantine), options.Clock);
        _intake = new EventIntake(Spec, options.Tenant, options.Clock);
        _views = FeatureView.CompileAll(Spec);
        _requests = new RequestCheck(Spec);
        _server = OpenServer(options, Spec.Name, _views);
        _folder = Path.GetDirectoryName(Path.GetFullPath(options.SpecPath))!;
        EncoderChoice.Check(Spec, _views, options.IsReader ? null : _folder);
        _reports = new DriftReports(store.Under(_layout.Monitoring));
        _skewReports = new SkewReports(store.Under(_layout.Monitoring));
        _label = new LabelRule(Spec);
        _concept = NewConceptMonitor();
        _training = new TrainingLoop(
            new TrainingLoopOptions
            {
                SpecHash = file.Hash,
                SpecText = file.Text,
                Folder = _folder,
                CodeVersion = CodeVersion,
                Searches = options.IsReader ? null : store.Under(_layout.Searches),
                Index = (scorer, cancellationToken) =>
                    ServedIndex.Build(scorer, Spec.Serving, options.ThreadCount, cancellationToken),
                ThreadCount = options.ThreadCount,
                IsShared = () => _predictor is not null,
            },
            Spec, _views, store.Under(_layout.Features), Registry, ModelCatalogue.Default, options.Clock);
    }

    /// <summary>Version of the code that runs.</summary>
    public static string CodeVersion { get; } =
        typeof(TandemWorkspace).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown";

    /// <summary>The system as its designer wrote it.</summary>
    public SystemSpec Spec { get; }

    /// <summary>The model registry.</summary>
    public ModelRegistry Registry { get; }

    /// <summary>Events that were refused.</summary>
    public Quarantine Quarantine { get; }

    /// <summary>Opens a system.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="TandemException">SPC codes: the file is not valid, or asks for what this build does not run
    /// yet; WSP093: its rows are examples; BCK codes: the store in S3 cannot be used; EVT006: another process writes the store; LAK001: the lake's
    /// engine is missing; LAK014, LAK015: the lake's rows do not fit the file; WSP040, WSP041: the raw log is
    /// not the one that the objects come from.</exception>
    public static async Task<TandemWorkspace> OpenAsync(
        WorkspaceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = SpecFile.Load(options.SpecPath, WorkspaceVocabulary.Build());
        IReadOnlyList<Fault> unsupported = SpecSupport.Find(file);
        if (unsupported.Count > 0)
        {
            throw new TandemException(unsupported);
        }

        if (file.Spec!.IsTabular)
        {
            throw WorkspaceErrors.RowsHaveNoLoop(file.Spec.Objective.Label.Event);
        }

        var location = StoreLocation.Of(options, file.Spec!);
        StoreLayout layout = new(options.Tenant);
        IObjectStore store = await location.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        IJournal? journal = null;
        ParquetLake? lake = null;
        try
        {
            if (!options.IsReader)
            {
                journal = await OpenJournalAsync(options, file.Spec!, location, layout, cancellationToken)
                    .ConfigureAwait(false);
                await location.TieAsync(
                    store, layout, (journal as RabbitJournal)?.Name, options.Clock, cancellationToken)
                    .ConfigureAwait(false);
            }

            lake = await ParquetLake.OpenAsync(
                store.Under(layout.Lake), LakeTables.From(file.Spec!),
                new LakeOptions { Threads = options.ThreadCount },
                cancellationToken).ConfigureAwait(false);
            TandemWorkspace workspace = new(options, file, location, store, journal, lake);
            await workspace.CheckLogAsync(cancellationToken).ConfigureAwait(false);
            await workspace.LoadLastAsync(cancellationToken).ConfigureAwait(false);
            return workspace;
        }
        catch
        {
            lake?.Dispose();
            if (journal is not null)
            {
                await journal.DisposeAsync().ConfigureAwait(false);
            }

            (store as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Stops the loops, and closes log and lake.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        if (_following is not null)
        {
            await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_applyingToServer is not null)
        {
            await _applyingToServer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _predictor?.Dispose();
        await _work.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        await TryAsync(SnapshotJob, _options.Clock.GetUtcNow(), () => SaveFeaturesAsync(CancellationToken.None))
            .ConfigureAwait(false);
        _features?.Dispose();
        _server?.Dispose();
        _pinned.ForEach(static store => store.Dispose());
        if (_journal is not null)
        {
            await _journal.DisposeAsync().ConfigureAwait(false);
        }

        _lake.Dispose();
        (_store as IDisposable)?.Dispose();
        _work.Dispose();
        _materializing.Dispose();
        _rowGate.Dispose();
        _closing.Dispose();
    }

    /// <summary>The raw log, for tests.</summary>
    internal IJournal Journal => Writer();

    /// <summary>The lake, for tests.</summary>
    internal ParquetLake Lake => _lake;

    private static async Task<IJournal> OpenJournalAsync(
        WorkspaceOptions options, SystemSpec spec, StoreLocation location, StoreLayout layout,
        CancellationToken cancellationToken)
    {
        FileJournalOptions local = options.Journal with { Folder = Path.Combine(location.LocalFolder, layout.Log) };
        if (!AmqpAddress.IsAmqp(spec.Journal))
        {
            return await FileJournal.OpenAsync(local, options.Clock, cancellationToken).ConfigureAwait(false);
        }

        RabbitOptions broker = new()
        {
            Address = AmqpAddress.Parse(spec.Journal, options.AmqpUser, options.AmqpPassword),
            Stream = $"tandem.{spec.Name}.{options.Tenant}",
        };
        return await RabbitJournal.OpenAsync(broker, local, options.Clock, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Throws WSP041 unless the lake ends within the log: positions of another log mean nothing here.</summary>
    private async Task CheckLogAsync(CancellationToken cancellationToken)
    {
        if (_journal is null)
        {
            return;
        }

        using LakeSnapshot snapshot = await _lake.SnapshotAsync(null, cancellationToken).ConfigureAwait(false);
        JournalPosition to = snapshot.Manifest.To;
        if (to.CompareTo(_journal.Begin) < 0 || to.CompareTo(_journal.End) > 0)
        {
            throw WorkspaceErrors.LogLost(
                Path.Combine(_location.LocalFolder, _layout.Log), to.ToString(), _journal.Begin.ToString(),
                _journal.End.ToString());
        }
    }

    private IJournal Writer() => _journal ?? throw WorkspaceErrors.ReadOnly();
}
