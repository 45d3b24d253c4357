using System.Diagnostics.CodeAnalysis;
using Tandem.Faults;
using Tandem.Spec.Expressions;

namespace Tandem.Spec;

/// <summary>A formula over columns and features, such as <c>watch_seconds / 60</c>. It always has a value, perhaps null:
/// null in a part is null in the whole, division by zero is null. <c>docs/features.md</c> defines each function.</summary>
/// <remarks>Immutable. Two expressions are equal where they mean the same step by step: white space and needless brackets
/// do not count.</remarks>
public sealed class Expression : IEquatable<Expression>
{
    /// <summary>Most characters of a text that is parsed.</summary>
    public const int LongestText = 1000;

    /// <summary>Most brackets, calls and signs within each other.</summary>
    public const int DeepestNesting = 32;

    private string? _text;

    private Expression(ExpressionKind kind, string name, double number, IReadOnlyList<Expression> arguments, int column)
    {
        Kind = kind;
        Name = name;
        Number = number;
        Arguments = arguments;
        Column = column;
    }

    /// <summary>What it is.</summary>
    public ExpressionKind Kind { get; }

    /// <summary>The text of a text, the name of a name, the function or operator of a call; a sign is
    /// <c>negate</c>.</summary>
    public string Name { get; }

    /// <summary>The number of a number; 1 for <see langword="true"/>; otherwise 0.</summary>
    public double Number { get; }

    /// <summary>The arguments of a call, in order.</summary>
    public IReadOnlyList<Expression> Arguments { get; }

    /// <summary>Where it begins in the text that was parsed, in characters from 1; of an operator, where the operator
    /// is.</summary>
    public int Column { get; }

    /// <summary>The text that was parsed, of a whole expression.</summary>
    internal string? Source { get; private set; }

    /// <summary>Every name in it, each once, in order.</summary>
    public IReadOnlyList<string> Names => [.. All().Where(static each => each.Kind == ExpressionKind.Name)
        .Select(static each => each.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The text, at most <see cref="LongestText"/> characters.</param>
    /// <exception cref="TandemException">SPC060: it cannot be read; SPC062: there is no such function.</exception>
    public static Expression Parse(string text) =>
        TryParse(text, out Expression? expression, out Fault? fault, out _) ? expression : throw new TandemException(fault);

    /// <summary>Finds the type of its values, and what does not fit.</summary>
    /// <param name="scope">The names that it may use.</param>
    /// <param name="fault">The first fault, or null.</param>
    /// <returns>The type, or null where there is a fault: SPC061, SPC063.</returns>
    public ExpressionType? TypeIn(ExpressionScope scope, out Fault? fault) => TypeIn(scope, out fault, out _);

    /// <inheritdoc/>
    public bool Equals(Expression? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Expression);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text: single spaces, no needless brackets.</summary>
    public override string ToString() => _text ??= ExpressionText.Of(this);

    internal static Expression Constant(ExpressionKind kind, string text, double number, int column) =>
        new(kind, text, number, [], column);

    internal static Expression Call(string function, int column, params IReadOnlyList<Expression> arguments) =>
        new(ExpressionKind.Call, function, 0, arguments, column);

    internal static bool TryParse(
        string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out Fault? fault,
        out int column)
    {
        try
        {
            expression = new ExpressionParser(text).Parse();
            expression.Source = text;
            fault = null;
            column = 0;
            return true;
        }
        catch (ExpressionFault wrong)
        {
            expression = null;
            fault = wrong.Fault;
            column = wrong.Column;
            return false;
        }
    }

    internal ExpressionType? TypeIn(ExpressionScope scope, out Fault? fault, out int column)
    {
        try
        {
            fault = null;
            column = 0;
            return ExpressionTyping.Of(this, scope);
        }
        catch (ExpressionFault wrong)
        {
            fault = wrong.Fault;
            column = wrong.Column;
            return null;
        }
    }

    /// <summary>The expression and everything in it.</summary>
    internal IEnumerable<Expression> All() => Arguments.SelectMany(static each => each.All()).Prepend(this);
}
