using System.Diagnostics.CodeAnalysis;
using Tandem.Faults;

namespace Tandem.Learning;

/// <summary>The kinds of model there are, by name.</summary>
/// <remarks>Immutable and thread safe.</remarks>
public sealed class ModelCatalogue
{
    private readonly Dictionary<string, ModelKind> _kinds = new(StringComparer.Ordinal);

    /// <summary>Makes a catalogue.</summary>
    /// <param name="kinds">The kinds, names unique.</param>
    /// <exception cref="ArgumentException">Two kinds share a name.</exception>
    public ModelCatalogue(IReadOnlyList<ModelKind> kinds)
    {
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
        ItemItem.ItemItemKind.Kind,
        CoOccurrence.CoOccurrenceKind.Kind,
        Ials.IalsKind.Kind,
    ]);

    /// <summary>The kinds, in the order they were given.</summary>
    public IReadOnlyList<ModelKind> Kinds { get; }

    /// <summary>Finds a kind.</summary>
    /// <param name="name">Its name, such as <c>ials</c>.</param>
    /// <exception cref="TandemException">LRN001: there is none of that name.</exception>
    public ModelKind Find(string name) =>
        TryFind(name, out ModelKind? kind)
            ? kind
            : throw new TandemException(LearningErrors.UnknownKind(name, [.. Kinds.Select(known => known.Name)]));

    /// <summary>Finds a kind, if there is one of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">The kind.</param>
    public bool TryFind(string name, [NotNullWhen(true)] out ModelKind? kind) => _kinds.TryGetValue(name, out kind);
}
