using System.Globalization;
using Tandem.Faults;
using Tandem.Spec.Grammar;
using Tandem.Spec.Sections;

namespace Tandem.Spec;

/// <summary>A comparison of a column with a constant, written <c>watch_fraction >= 0.5</c>.</summary>
public sealed record ConditionSpec
{
    /// <summary>Column of the source; in a feature view also a text column of the table about an entity
    /// (<c>item.category</c>).</summary>
    public required string Column { get; init; }

    /// <summary>One of <c>==</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>The constant: <see cref="double"/>, <see cref="string"/> or <see cref="bool"/>.</summary>
    public required object Value { get; init; }

    /// <summary>Reads a comparison, as tandem.yaml has it.</summary>
    /// <param name="text">The comparison: <c>watch_fraction >= 0.5</c>, <c>category == news</c>.</param>
    /// <exception cref="TandemException">SPC016: it is none.</exception>
    public static ConditionSpec Parse(string text) => ConditionShape.Read(text) ?? throw new TandemException(
        SpecErrors.Malformed($"'{text}'", "The condition", Words.Condition.Expected, ConditionShape.Remedy));

    /// <summary>The comparison as it is written; texts in quotes.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Column} {Operator} {(Value is bool flag ? (flag ? "true" : "false") : Value is string text ? Quote(text) : Value)}");

    private static string Quote(string text) => text.Contains('"', StringComparison.Ordinal) ? $"'{text}'" : $"\"{text}\"";
}
