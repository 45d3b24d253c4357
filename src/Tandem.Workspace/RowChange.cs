namespace Tandem.Workspace;

/// <summary>How a row changes what is known of an entity. Each is a new row of its table: what was known before stays
/// known of then.</summary>
public enum RowChange
{
    /// <summary>The row is all that is known from now on.</summary>
    Put = 0,

    /// <summary>The columns given replace those of the row before; null takes a column away.</summary>
    Patch = 1,

    /// <summary>The entity is gone; an item is not recommended any more.</summary>
    Delete = 2,
}
