namespace Tandem.Features;

/// <summary>A store that answers for the entities that were asked for, until it is given back.</summary>
public readonly struct FeatureLease : IDisposable, IEquatable<FeatureLease>
{
    private readonly Action<FeatureStore>? _giveBack;

    /// <summary>Lends a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="giveBack">Takes it back; null where nobody waits for it.</param>
    public FeatureLease(FeatureStore store, Action<FeatureStore>? giveBack = null)
    {
        Store = store;
        _giveBack = giveBack;
    }

    /// <summary>The store.</summary>
    public FeatureStore Store { get; }

    /// <summary>Gives the store back, once.</summary>
    public void Dispose() => _giveBack?.Invoke(Store);

    /// <inheritdoc/>
    public bool Equals(FeatureLease other) => ReferenceEquals(Store, other.Store);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FeatureLease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Store?.GetHashCode() ?? 0;

    /// <summary>Whether both lend the same store.</summary>
    public static bool operator ==(FeatureLease left, FeatureLease right) => left.Equals(right);

    /// <summary>Whether they lend different stores.</summary>
    public static bool operator !=(FeatureLease left, FeatureLease right) => !left.Equals(right);
}
