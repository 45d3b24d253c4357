using System.Runtime.InteropServices;

namespace Tandem.Features.Evaluation;

/// <summary>Whom a row is about: one entity that rows share, and one of its own, or any.</summary>
/// <param name="Shared">The entity that rows share, or null.</param>
/// <param name="SharedId">Its id, or null.</param>
/// <param name="Entity">The row's own entity, or null.</param>
/// <param name="Id">Its id, or null.</param>
/// <param name="Others">Ids of others by entity, or null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowIds(
    string? Shared, string? SharedId, string? Entity, string? Id, IReadOnlyDictionary<string, string>? Others = null)
{
    /// <summary>The id of an entity, or null.</summary>
    public string? Of(string entity) => entity == Entity ? Id : entity == Shared ? SharedId : Others?.GetValueOrDefault(entity);
}
