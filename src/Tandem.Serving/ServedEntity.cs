using Tandem.Faults;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Serving.Pipeline;

namespace Tandem.Serving;

/// <summary>Reads what is known of a user or an item now, as inputs of a retrieval model: with the encoders that it was trained
/// with, from a store that computes the features as it was trained on them.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ServedEntity
{
    private readonly FeatureReader _reader;

    /// <summary>Ties the parts together.</summary>
    /// <param name="store">Computes the features.</param>
    /// <param name="encoders">How they become inputs; of features of the store's views.</param>
    /// <param name="entity">Whose features they are.</param>
    /// <exception cref="TandemException">FEA009, SRV009: a feature is not one of the store's.</exception>
    public ServedEntity(FeatureStore store, FeatureEncoders encoders, string entity)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(encoders);
        Store = store;
        Encoders = encoders;
        Entity = entity;
        _reader = store.Reader(FeatureSet.Create(store.Views, encoders.Numbers));
        Texts =
        [
            .. encoders.Texts.Select(name => RankedText.Find(store, name) ?? throw ServingErrors.NoText(entity, name)),
        ];
    }

    /// <summary>How the features become inputs.</summary>
    public FeatureEncoders Encoders { get; }

    internal FeatureStore Store { get; }

    internal string Entity { get; }

    /// <summary>The features of texts, in the encoders' order.</summary>
    internal IReadOnlyList<RankedText> Texts { get; }

    /// <summary>Reads the inputs of some entities, one row each.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="now">The moment.</param>
    public AttributeRows Read(IReadOnlyList<string> ids, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ids);
        EntityInputs inputs = new();
        AttributeRows rows = AttributeRows.None with
        {
            DenseCount = Encoders.DenseCount,
            SparseCount = Encoders.SparseCount,
        };
        foreach (string id in ids)
        {
            _ = inputs.Read(this, id, now);
            rows = rows.Append(inputs.Row(this), count: 1);
        }

        return rows;
    }

    /// <summary>Says that a version's retrieval reads features that are not computed as it was trained on them
    /// (SRV010).</summary>
    /// <param name="version">The version, in digits.</param>
    /// <param name="views">The views that differ.</param>
    public static Fault NotComputed(string version, IReadOnlyList<string> views) =>
        ServingErrors.AttributesNotComputed(version, views);

    internal void ReadNumbers(ReadOnlySpan<string> id, DateTimeOffset now, Span<float> numbers) =>
        _reader.ReadRows(new FeatureRequest { AsOf = now }, Entity, id, numbers);
}
