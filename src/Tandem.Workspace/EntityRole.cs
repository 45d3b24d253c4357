namespace Tandem.Workspace;

/// <summary>Which of the two entities of the label a row describes.</summary>
public enum EntityRole
{
    /// <summary>What is recommended.</summary>
    Item = 0,

    /// <summary>Whom it is recommended to.</summary>
    User = 1,
}
