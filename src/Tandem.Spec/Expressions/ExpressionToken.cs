namespace Tandem.Spec.Expressions;

/// <summary>A word of an expression.</summary>
/// <param name="Kind">What it is: a number, text or name; <see cref="ExpressionKind.Call"/> for signs and words with a
/// meaning; <see cref="ExpressionKind.Nothing"/> for the end.</param>
/// <param name="Text">Its text, unquoted.</param>
/// <param name="Number">Its number.</param>
/// <param name="Column">Where it begins, from 1.</param>
internal readonly record struct ExpressionToken(ExpressionKind Kind, string Text, double Number, int Column)
{
    /// <summary>True for a sign or word with a meaning.</summary>
    public bool Is(string sign) => Kind == ExpressionKind.Call && Text == sign;

    /// <summary>As a message says it.</summary>
    public string Said => Kind switch
    {
        ExpressionKind.Nothing => "the end",
        ExpressionKind.Text => $"the text \"{Text}\"",
        _ => $"'{Text}'",
    };
}
