namespace Tandem.Lake;

/// <summary>What a table declared when a part was written.</summary>
/// <param name="Entities">Entity columns, in order.</param>
/// <param name="Columns">Declared columns, in order.</param>
public sealed record LakeSchema(IReadOnlyList<string> Entities, IReadOnlyList<LakeColumn> Columns)
{
    /// <summary>True where rows of another declaration can be kept under this one and lose nothing: it has all of the
    /// other's entities and columns, of the same type or of one that holds it.</summary>
    internal bool HasRoomFor(LakeSchema other) =>
        other.Entities.All(entity => Entities.Contains(entity, StringComparer.OrdinalIgnoreCase))
        && other.Columns.All(column => Columns.Any(own =>
            string.Equals(own.Name, column.Name, StringComparison.OrdinalIgnoreCase)
            && LakeTables.CanHold(own.Type, column.Type)));
}
