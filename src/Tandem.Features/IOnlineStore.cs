using Tandem.Events;

namespace Tandem.Features;

/// <summary>Feature values online: what the log said so far of every entity, wherever that is held. <see
/// cref="FeatureStore"/> holds it in this process; a server half holds it where several processes read.</summary>
/// <remarks>Thread safe, but that one caller applies at a time. Whichever half answers, values are computed in this
/// process by the same code from the same bytes.</remarks>
public interface IOnlineStore : IDisposable
{
    /// <summary>The views it answers for.</summary>
    IReadOnlyList<FeatureView> Views { get; }

    /// <summary>Everything in the log before this place has been applied, as far as this process knows.</summary>
    JournalPosition AppliedUntil { get; }

    /// <summary>Newest event time that the features of a view have seen, as far as this process knows; null where they
    /// saw none, or where their source has no times.</summary>
    /// <param name="view">The view.</param>
    DateTimeOffset? NewestEvent(FeatureView view);

    /// <summary>Applies a batch that begins at <see cref="AppliedUntil"/>; one that ends before it changes
    /// nothing.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Stops it; the batch is then applied wholly or not at all.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA008: the data of an event is no JSON object; BCK codes: the
    /// server cannot be used.</exception>
    ValueTask ApplyAsync(JournalBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Gives a store in this process that answers for some entities. Where a server holds them, they are
    /// fetched at once, all as of one place of the log.</summary>
    /// <param name="entities">The entities; the global one is <see cref="FeatureView.GlobalEntity"/> with any
    /// id.</param>
    /// <param name="pairs">Gives the pairs to fetch beside them, as <see cref="FeatureStore.PairsOf"/> finds them in a store
    /// that has the entities; null for none. They are as of the same place.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The store, to be disposed of soon; it knows nothing of other entities.</returns>
    /// <exception cref="Tandem.Faults.TandemException">BCK codes: the server cannot be used.</exception>
    ValueTask<FeatureLease> FetchAsync(
        ReadOnlyMemory<EntityKey> entities, Func<FeatureStore, IEnumerable<EntityKey>>? pairs = null,
        CancellationToken cancellationToken = default);
}
