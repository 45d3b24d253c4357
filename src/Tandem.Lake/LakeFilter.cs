namespace Tandem.Lake;

/// <summary>A condition on one column.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Comparison">How it compares.</param>
/// <param name="Value">What with: <see cref="string"/>, <see cref="long"/>, <see cref="int"/>, <see cref="double"/>,
/// <see cref="float"/>, <see cref="bool"/> or <see cref="DateTimeOffset"/>; null where the comparison takes
/// none.</param>
public sealed record LakeFilter(string Column, LakeComparison Comparison, object? Value = null)
{
    /// <summary>Makes a condition of a comparison that is written as a sign.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="sign">One of <c>==</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>.</param>
    /// <param name="value">What with.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sign is none of these.</exception>
    public static LakeFilter Of(string column, string sign, object value) => new(
        column,
        sign switch
        {
            "==" => LakeComparison.Equal,
            "!=" => LakeComparison.NotEqual,
            "<" => LakeComparison.Less,
            "<=" => LakeComparison.LessOrEqual,
            ">" => LakeComparison.Greater,
            ">=" => LakeComparison.GreaterOrEqual,
            _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "It compares nothing."),
        },
        value);
}
