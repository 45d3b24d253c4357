using Tandem.Faults;

namespace Tandem.Spec.Expressions;

/// <summary>Every message about expressions. Places are added where the fault is reported.</summary>
internal static class ExpressionErrors
{
    public static Fault Syntax(string text, int column, string what, string? expected = null) =>
        new("SPC060", $"Column {column} of '{Yaml.ScalarNode.Quote(text)}': {what}.", "Correct the expression.")
        {
            Expected = expected,
        };

    public static Fault TooLong(int length) =>
        new("SPC060", $"An expression has {length} characters, of at most {Expression.LongestText}.",
            "Divide it into several columns or features.");

    public static Fault UnknownName(string text, int column, string name, IReadOnlyList<string> names) =>
        SpecErrors.Dangling(
            "SPC061", $"Column {column} of '{Yaml.ScalarNode.Quote(text)}': there is no '{name}'.", name, names,
            "Use one of the names; a text goes in quotes.");

    public static Fault UnknownFunction(string text, int column, string name, IReadOnlyList<string> names) =>
        SpecErrors.Dangling(
            "SPC062", $"Column {column} of '{Yaml.ScalarNode.Quote(text)}': there is no function '{name}'.", name, names,
            "Use one of the functions.");

    public static Fault Misfit(string text, int column, string what, string expected) =>
        new("SPC063", $"Column {column} of '{Yaml.ScalarNode.Quote(text)}': {what}.",
            "Change it to a type that fits; if(flag, 1, 0) makes a number of a flag.")
        {
            Expected = expected,
        };

    public static Fault Cycle(IReadOnlyList<string> path) =>
        new("SPC064", $"The feature '{path[0]}' is computed from itself: {string.Join(" → ", path)}.",
            "Take one of these features out of another's expression.");
}
