using System.Text;

namespace Tandem.Lake.Compaction;

/// <summary>One type's table in a batch.</summary>
/// <param name="Declared">What the table declares.</param>
internal sealed record BatchTable(LakeTable Declared)
{
    /// <summary>The events' type.</summary>
    public byte[] TypeName { get; } = Encoding.UTF8.GetBytes(Declared.Name);

    /// <summary>All columns: envelope, entities, declared columns, extra.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; } = LakeTables.ColumnsOf(Declared);

    /// <summary>The name of the first entity, or null where the table declares none.</summary>
    public byte[]? FirstEntity { get; } =
        Declared.Entities.Count > 0 ? Encoding.UTF8.GetBytes(Declared.Entities[0]) : null;
}
