namespace Tandem.Lake;

/// <summary>What a table declared when a part was written.</summary>
/// <param name="Entities">Entity columns, in order.</param>
/// <param name="Columns">Declared columns, in order.</param>
public sealed record LakeSchema(IReadOnlyList<string> Entities, IReadOnlyList<LakeColumn> Columns);
