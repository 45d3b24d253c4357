namespace Tandem.Workspace.Import;

/// <summary>Data columns that importing adds.</summary>
public static class ImportColumns
{
    /// <summary>Part of the data that an imported event came from: <c>train</c>, <c>test</c> or <c>all</c>;
    /// text.</summary>
    public const string Part = "part";
}
