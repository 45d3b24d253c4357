using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;

namespace Tandem.Backends.Postgres;

/// <summary>Online features in PostgreSQL: one process applies the log, any number answer. Each answer fetches the packed
/// series of its entities by one query, and those of their pairs by another, and computes the values in this
/// process.</summary>
/// <remarks>Thread safe, but that one caller applies at a time. Nothing is connected before it is needed. Rows and place
/// are read by one statement, or two of one transaction, and written by one, so that an answer always sees the log up to one place, and two processes
/// that apply cannot undo each other's work: the one that finds the place moved gives up what it has, and goes on from
/// there.</remarks>
public sealed partial class PostgresStore : IOnlineStore
{
    private const int PagesKept = 32;
    private static readonly TimeSpan StateAge = TimeSpan.FromSeconds(1);

    private readonly PostgresOptions _options;
    private readonly TimeProvider _clock;
    private readonly string _where;
    private readonly SeriesTable _table;
    private readonly SeriesKeys _keys;
    private readonly ConcurrentBag<SeriesPage> _pages = [];
    private readonly ResiliencePipeline _asking;
    private volatile FeatureSnapshot? _state;
    private long _stateTime;
    private long _appliedUntil;
    private long _questions;
    private long _failures;

    /// <summary>Opens a store; the server is not asked yet.</summary>
    /// <param name="views">The views to answer for.</param>
    /// <param name="options">Settings.</param>
    /// <param name="clock">Measures waits; null for the system's.</param>
    public PostgresStore(IReadOnlyList<FeatureView> views, PostgresOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _where = $"{options.Address}, {SeriesKeys.Schema(options.Name)}";
        Views = views;
        _table = new SeriesTable(options);
        _applying = new SeriesPage(views, options.LookBack, isForApplying: true);
        _keys = new SeriesKeys(_applying.Store.Kinds);
        _asking = new ResiliencePipelineBuilder { TimeProvider = _clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = static args => ValueTask.FromResult(PostgresFailures.IsOfServer(args.Outcome.Exception)),
                FailureRatio = 0.5,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = options.Pause,
            })
            .AddTimeout(options.Patience)
            .AddRetry(new RetryStrategyOptions
            {
                // A connection of before the server's restart fails once.
                ShouldHandle = static args => ValueTask.FromResult(PostgresFailures.IsTransient(args.Outcome.Exception)),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
            })
            .Build();
        _again = new ResiliencePipelineBuilder { TimeProvider = _clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static args => ValueTask.FromResult(
                    args.Outcome.Exception is not (null or OperationCanceledException)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = TimeSpan.FromSeconds(2),
            })
            .Build();
    }

    /// <inheritdoc/>
    public IReadOnlyList<FeatureView> Views { get; }

    /// <inheritdoc/>
    public JournalPosition AppliedUntil => new(Volatile.Read(ref _appliedUntil));

    /// <summary>Questions asked, and how many of them the server did not answer.</summary>
    public (long Asked, long Failed) Questions => (Volatile.Read(ref _questions), Volatile.Read(ref _failures));

    /// <inheritdoc/>
    public DateTimeOffset? NewestEvent(FeatureView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return _state?.NewestEvent(view);
    }

    /// <inheritdoc/>
    public async ValueTask<FeatureLease> FetchAsync(
        ReadOnlyMemory<EntityKey> entities, Func<FeatureStore, IEnumerable<EntityKey>>? pairs = null,
        CancellationToken cancellationToken = default)
    {
        pairs = _applying.Store.HasPairs ? pairs : null;
        byte[][] keys = _keys.Of(entities.ToArray().Distinct());
        SeriesPage page = _pages.TryTake(out SeriesPage? idle) ? idle : new SeriesPage(Views, _options.LookBack);
        Interlocked.Increment(ref _questions);
        try
        {
            await _asking.ExecuteAsync(
                async inner => await AskAsync(page, keys, pairs, inner).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            return new FeatureLease(page.Store, _ => GiveBack(page));
        }
        catch (Exception failure)
        {
            GiveBack(page);
            if (!PostgresFailures.IsOfServer(failure) && failure is not TandemException)
            {
                throw;
            }

            Interlocked.Increment(ref _failures);
            throw failure as TandemException ?? PostgresFailures.Translate(_where, failure);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _table.Dispose();

    private async Task AskAsync(
        SeriesPage page, byte[][] keys, Func<FeatureStore, IEnumerable<EntityKey>>? pairs,
        CancellationToken cancellationToken)
    {
        bool withState = _state is null || _clock.GetElapsedTime(Volatile.Read(ref _stateTime)) > StateAge;
        ServerPlace place = await _table.ReadAsync(
            keys, withState,
            at =>
            {
                Demand(at);
                page.Begin((at.State ?? _state!) with { AppliedUntil = at.AppliedUntil });
            },
            (key, bytes) => page.Put(_keys.Series(key, bytes)),
            pairs is null ? null : () => _keys.Of(pairs(page.Store).Distinct()),
            cancellationToken).ConfigureAwait(false) ?? throw BackendErrors.NotFilled(_where);
        if (place.State is { } state)
        {
            _state = state;
            Volatile.Write(ref _stateTime, _clock.GetTimestamp());
        }

        Volatile.Write(ref _appliedUntil, place.AppliedUntil);
    }

    private void Demand(ServerPlace place)
    {
        if (place.Layout != _keys.Layout)
        {
            throw BackendErrors.OtherDefinitions(_where);
        }
    }

    private void GiveBack(SeriesPage page)
    {
        if (_pages.Count < PagesKept)
        {
            _pages.Add(page);
        }
    }
}
