using Polly;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;

namespace Tandem.Backends.Postgres;

/// <content>The process that applies the log.</content>
public sealed partial class PostgresStore
{
    private readonly SeriesPage _applying;
    private readonly ResiliencePipeline _again;
    private FeatureSnapshot? _at;
    private Guid _fill;

    /// <summary>Finds out where the server stands, to go on applying from there.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Names the filling that its rows go back to; null where there is none with these definitions.</returns>
    /// <exception cref="TandemException">BCK codes: the server cannot be used.</exception>
    public async Task<Guid?> AttachAsync(CancellationToken cancellationToken = default)
    {
        _at = null;
        try
        {
            ServerPlace? place = await _table.ReadAsync(
                [], withState: true, static _ => { }, static (_, _) => { }, more: null, cancellationToken).ConfigureAwait(false);
            if (place is null || place.Layout != _keys.Layout)
            {
                return null;
            }

            Stand(place.Fill, place.State!);
            return place.Fill;
        }
        catch (Exception failure) when (PostgresFailures.IsMissing(failure))
        {
            return null;
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            throw PostgresFailures.Translate(_where, failure);
        }
    }

    /// <summary>Replaces all that the server holds of this system, at once.</summary>
    /// <param name="store">What it is to hold; nothing is applied to it meanwhile.</param>
    /// <param name="cancellationToken">Stops it; the server then holds what it held.</param>
    /// <returns>Names the filling.</returns>
    /// <exception cref="TandemException">BCK codes: the server cannot be used.</exception>
    public async Task<Guid> FillAsync(FeatureStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        FeatureSnapshot at = store.Describe();
        var fill = Guid.CreateVersion7(_clock.GetUtcNow());
        _at = null;
        try
        {
            await _table.FillAsync(
                new ServerPlace(fill, at.AppliedUntil, _keys.Layout, at),
                store.Export().Select(series => (_keys.Of(series), series.Bytes)),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            throw PostgresFailures.Translate(_where, failure);
        }

        Stand(fill, at);
        return fill;
    }

    /// <summary>Deletes all that the server holds of this system, as where a person in it is to be forgotten.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">BCK codes: the server cannot be used.</exception>
    public async Task DropAsync(CancellationToken cancellationToken = default)
    {
        _at = null;
        try
        {
            await _table.DropAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            throw PostgresFailures.Translate(_where, failure);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="TandemException">BCK033: nothing was filled; BCK035: another process applied meanwhile; other BCK
    /// codes: the server cannot be used. <see cref="AttachAsync"/> then says where to go on.</exception>
    public async ValueTask ApplyAsync(JournalBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_at is null && await AttachAsync(cancellationToken).ConfigureAwait(false) is null)
        {
            throw BackendErrors.NotFilled(_where);
        }

        FeatureSnapshot at = _at!;
        if (batch.End.Offset <= at.AppliedUntil)
        {
            return;
        }

        // What fails on the way leaves the page ahead of the server, or the server ahead of the page.
        _at = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(_options.ApplyTimeout);
        try
        {
            Stand(_fill, await ApplyAsync(at, batch, stop.Token).ConfigureAwait(false), keepPage: true);
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            throw PostgresFailures.Translate(_where, failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw PostgresFailures.Translate(_where, new TimeoutException());
        }
    }

    /// <summary>Applies the log until stopped. Where the server is away it is tried again and again; meanwhile the log
    /// itself is the queue.</summary>
    /// <param name="journal">The log.</param>
    /// <param name="isOurs">Says whether a filling belongs to this log.</param>
    /// <param name="fill">Fills the server where it holds nothing that belongs to this log and these definitions, or
    /// where the log no longer reaches back to it.</param>
    /// <param name="applied">Gets each batch that was applied; null where the server was found to stand well.</param>
    /// <param name="failed">Gets the fault when applying fails; it is tried again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(
        IJournal journal, Func<Guid, CancellationToken, Task<bool>> isOurs, Func<CancellationToken, Task> fill,
        Action<JournalBatch?> applied, Action<Fault> failed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(isOurs);
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentNullException.ThrowIfNull(applied);
        ArgumentNullException.ThrowIfNull(failed);
        await _again.ExecuteAsync(
            async inner =>
            {
                try
                {
                    await FollowOnceAsync(inner).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // Nobody else watches this loop: whatever it is must be told, and may pass.
                    failed((failure as TandemException ?? BackendErrors.PostgresOdd(_where, failure.GetType().Name)).Fault);
                    throw;
                }
            },
            cancellationToken).ConfigureAwait(false);

        async Task FollowOnceAsync(CancellationToken inner)
        {
            Guid? found = await AttachAsync(inner).ConfigureAwait(false);
            if (found is not { } known || !await isOurs(known, inner).ConfigureAwait(false)
                || AppliedUntil.CompareTo(journal.Begin) < 0 || AppliedUntil.CompareTo(journal.End) > 0)
            {
                await fill(inner).ConfigureAwait(false);
            }

            applied(null);
            await foreach (JournalBatch batch in journal.ReadAsync(AppliedUntil, follow: true, inner)
                .ConfigureAwait(false))
            {
                await ApplyAsync(batch, inner).ConfigureAwait(false);
                applied(batch);
            }
        }
    }

    private async Task<FeatureSnapshot> ApplyAsync(
        FeatureSnapshot at, JournalBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Start.Offset < at.AppliedUntil)
        {
            throw BackendErrors.PlaceMoved(_where, batch.Start.Offset);
        }

        if (_applying.Bytes > _options.ApplyingBytes)
        {
            _applying.Begin(at);
        }

        await LoadAsync(at, _applying.Missing(batch), cancellationToken).ConfigureAwait(false);
        await LoadAsync(at, _applying.MissingPairs(batch), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PackedSeries> changes = _applying.Apply(batch);
        FeatureSnapshot to = _applying.Store.Describe();
        return await _table.MoveAsync(
            _fill, at.AppliedUntil, to, [.. changes.Select(_keys.Of)], [.. changes.Select(static each => each.Bytes)],
            cancellationToken).ConfigureAwait(false)
            ? to
            : throw BackendErrors.PlaceMoved(_where, at.AppliedUntil);
    }

    private async Task LoadAsync(
        FeatureSnapshot at, IReadOnlyCollection<EntityKey> entities, CancellationToken cancellationToken)
    {
        if (entities.Count == 0)
        {
            return;
        }

        await _table.ReadAsync(
            _keys.Of(entities), withState: false,
            place =>
            {
                if (place.Fill != _fill || place.AppliedUntil != at.AppliedUntil)
                {
                    throw BackendErrors.PlaceMoved(_where, at.AppliedUntil);
                }
            },
            (key, bytes) => _applying.Put(_keys.Series(key, bytes)),
            more: null,
            cancellationToken).ConfigureAwait(false);
        _applying.Hold(entities);
    }

    private void Stand(Guid fill, FeatureSnapshot at, bool keepPage = false)
    {
        _fill = fill;
        _at = at;
        _state = at;
        Volatile.Write(ref _stateTime, _clock.GetTimestamp());
        Volatile.Write(ref _appliedUntil, at.AppliedUntil);
        if (!keepPage)
        {
            _applying.Begin(at);
        }
    }
}
