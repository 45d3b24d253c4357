using System.Text;
using Tandem.Backends.Postgres;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Storage;

namespace Tandem.Workspace;

/// <content>Online features that a server holds: this process applies the log to them, where it writes the log, and
/// answers from them.</content>
public sealed partial class TandemWorkspace
{
    private const string ServerJob = "online features";

    /// <summary>Names the filling of the server that belongs to this store's log.</summary>
    private const string FillKey = "online/server.txt";

    private readonly PostgresStore? _server;
    private readonly TaskCompletionSource _serverAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _applyingToServer;

    /// <summary>The online features, wherever they are.</summary>
    /// <exception cref="InvalidOperationException">They are in this process, and serving was not started.</exception>
    internal IOnlineStore Online =>
        _server ?? (IOnlineStore?)_features ?? throw new InvalidOperationException("Call StartServingAsync first.");

    private static PostgresStore? OpenServer(
        WorkspaceOptions options, string system, IReadOnlyList<FeatureView> views) => options.FeatureServer is not { } address
        ? null
        : new PostgresStore(
            views,
            new PostgresOptions
            {
                Address = PostgresAddress.Parse(address, options.FeaturePassword),
                Name = $"{system}.{options.Tenant}",
                Patience = options.FeaturePatience,
            });

    /// <summary>Begins to apply the log to the server, and waits until what is in the log now is applied, or until the
    /// server fails for the first time: the rest of the system goes on without it.</summary>
    private async Task StartServerAsync(IJournal journal, CancellationToken cancellationToken)
    {
        if (_server is not { } server)
        {
            return;
        }

        JournalPosition target = journal.End;
        _applyingToServer = Task.Run(
            () => server.FollowAsync(
                journal, IsOursAsync, inner => FillServerAsync(server, journal, inner),
                batch =>
                {
                    Clear(ServerJob);
                    CountFreshness(batch);
                    if (server.AppliedUntil.CompareTo(target) >= 0)
                    {
                        _serverAnswered.TrySetResult();
                    }
                },
                fault =>
                {
                    Fail(ServerJob, _options.Clock.GetUtcNow(), fault);
                    _serverAnswered.TrySetResult();
                },
                _closing.Token),
            CancellationToken.None);
        await (await Task.WhenAny(_serverAnswered.Task, _applyingToServer).WaitAsync(cancellationToken)
            .ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<bool> IsOursAsync(Guid fill, CancellationToken cancellationToken)
    {
        IObjectStore features = _store.Under(_layout.Features);
        return await features.FindAsync(FillKey, cancellationToken).ConfigureAwait(false) is not null
            && Encoding.ASCII.GetString(await features.GetAsync(FillKey, cancellationToken).ConfigureAwait(false))
                == fill.ToString();
    }

    /// <summary>Fills the server with what a store in this process would hold, computed from snapshot, lake and
    /// log.</summary>
    private async Task FillServerAsync(PostgresStore server, IJournal journal, CancellationToken cancellationToken)
    {
        // Nobody trims the log between the place of the filling and the reader that begins there.
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using FeatureStore filling = NewFeatureStore(_views);
            using LakeSnapshot snapshot = await _lake.SnapshotAsync(null, cancellationToken).ConfigureAwait(false);
            await filling.RestoreAsync(snapshot, journal, _store.Under(_layout.Features), cancellationToken)
                .ConfigureAwait(false);
            Guid fill = await server.FillAsync(filling, cancellationToken).ConfigureAwait(false);
            await _store.Under(_layout.Features)
                .PutAsync(FillKey, Encoding.ASCII.GetBytes(fill.ToString()), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _work.Release();
        }
    }
}
