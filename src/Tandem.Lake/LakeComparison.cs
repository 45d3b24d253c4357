namespace Tandem.Lake;

/// <summary>How a filter compares. Null never passes, but for <see cref="IsNull"/>.</summary>
public enum LakeComparison
{
    /// <summary>Equal to the value.</summary>
    Equal = 0,

    /// <summary>Not equal to the value.</summary>
    NotEqual = 1,

    /// <summary>Less than the value.</summary>
    Less = 2,

    /// <summary>At most the value.</summary>
    LessOrEqual = 3,

    /// <summary>Greater than the value.</summary>
    Greater = 4,

    /// <summary>At least the value.</summary>
    GreaterOrEqual = 5,

    /// <summary>Equal to one of several values, given as an <c>IReadOnlyList&lt;object&gt;</c>.</summary>
    In = 6,

    /// <summary>Null; takes no value.</summary>
    IsNull = 7,

    /// <summary>Not null; takes no value.</summary>
    IsNotNull = 8,
}
