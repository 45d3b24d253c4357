namespace Tandem.Spec;

/// <summary>What becomes of columns that are sent but not declared.</summary>
public enum UnknownColumns
{
    /// <summary>They stay with the event; declared later, they appear.</summary>
    Keep = 0,

    /// <summary>The event goes into quarantine.</summary>
    Refuse = 1,
}
