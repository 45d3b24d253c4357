using System.Globalization;

namespace Tandem.Spec;

/// <summary>A comparison of a column with a constant, written <c>watch_fraction >= 0.5</c>.</summary>
public sealed record ConditionSpec
{
    /// <summary>Column of the source.</summary>
    public required string Column { get; init; }

    /// <summary>One of <c>==</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>The constant: <see cref="double"/>, <see cref="string"/> or <see cref="bool"/>.</summary>
    public required object Value { get; init; }

    /// <summary>The comparison as it is written.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Column} {Operator} {(Value is bool flag ? (flag ? "true" : "false") : Value)}");
}
