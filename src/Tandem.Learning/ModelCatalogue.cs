using System.Diagnostics.CodeAnalysis;
using Tandem.Faults;

namespace Tandem.Learning;

/// <summary>The kinds of model there are, by name.</summary>
/// <remarks>Immutable and thread safe.</remarks>
public sealed class ModelCatalogue
{
    private readonly Dictionary<string, ModelKind> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RowModelKind> _rowKinds = new(StringComparer.Ordinal);

    /// <summary>Makes a catalogue.</summary>
    /// <param name="kinds">The kinds of item models, names unique.</param>
    /// <param name="rowKinds">The kinds of models that read features, names unique; null for none.</param>
    /// <exception cref="ArgumentException">Two kinds share a name.</exception>
    public ModelCatalogue(IReadOnlyList<ModelKind> kinds, IReadOnlyList<RowModelKind>? rowKinds = null)
    {
        foreach (RowModelKind kind in rowKinds ?? [])
        {
            _rowKinds.Add(kind.Name, kind);
        }

        RowKinds = [.. rowKinds ?? []];
        foreach (ModelKind kind in kinds)
        {
            _kinds.Add(kind.Name, kind);
        }

        Kinds = [.. kinds];
    }

    /// <summary>All kinds that Tandem ships, baselines first.</summary>
    public static ModelCatalogue Default { get; } = new(
    [
        Popularity.PopularKinds.AllTime,
        Popularity.PopularKinds.Windowed,
        Affinity.AffinityKind.Kind,
        UserUser.UserUserKind.Kind,
        ItemItem.ItemItemKind.Kind,
        Markov.MarkovKind.Kind,
        CoOccurrence.CoOccurrenceKind.Kind,
        Slim.SlimKind.Kind,
        Ease.EaseKind.Kind,
        GraphFilter.GraphFilterKind.Kind,
        Bpr.BprKind.Kind,
        SkipGram.SkipGramKind.Kind,
        Ials.IalsKind.Kind,
        TwoTower.TwoTowerKind.Kind,
        Sasrec.SasrecKind.Kind,
    ],
    [
        Constant.ConstantKind.Kind,
        Logistic.LogisticKind.Kind,
        Ftrl.FtrlKind.Kind,
        RowNetworks.RowNetworkKinds.Machine,
        RowNetworks.RowNetworkKinds.FieldMachine,
        RowNetworks.RowNetworkKinds.DeepCross,
        Trees.BoostedTreesKind.Kind,
    ]);

    /// <summary>The kinds of models that score rows of features, in the order they were given.</summary>
    public IReadOnlyList<RowModelKind> RowKinds { get; }

    /// <summary>The kinds of item models, in the order they were given.</summary>
    public IReadOnlyList<ModelKind> Kinds { get; }

    /// <summary>Finds a kind.</summary>
    /// <param name="name">Its name, such as <c>ials</c>.</param>
    /// <exception cref="TandemException">LRN001: there is none of that name.</exception>
    public ModelKind Find(string name) =>
        TryFind(name, out ModelKind? kind)
            ? kind
            : throw new TandemException(LearningErrors.UnknownKind(name, [.. Kinds.Select(known => known.Name)]));

    /// <summary>Finds a kind of model that scores rows of features.</summary>
    /// <param name="name">Its name, such as <c>logistic</c>.</param>
    /// <exception cref="TandemException">LRN001: there is none of that name.</exception>
    public RowModelKind FindRows(string name) =>
        _rowKinds.TryGetValue(name, out RowModelKind? kind)
            ? kind
            : throw new TandemException(LearningErrors.UnknownKind(name, [.. RowKinds.Select(known => known.Name)]));

    /// <summary>Finds a kind, if there is one of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">The kind.</param>
    public bool TryFind(string name, [NotNullWhen(true)] out ModelKind? kind) => _kinds.TryGetValue(name, out kind);
}
