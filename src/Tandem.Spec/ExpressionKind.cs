namespace Tandem.Spec;

/// <summary>What an expression is made of.</summary>
public enum ExpressionKind
{
    /// <summary>No value: <see langword="null"/>.</summary>
    Nothing = 0,

    /// <summary>A number: <c>0.5</c>.</summary>
    Number = 1,

    /// <summary>A flag: <see langword="true"/>.</summary>
    Flag = 2,

    /// <summary>A text: <c>"tv"</c>.</summary>
    Text = 3,

    /// <summary>A name: <c>seconds</c>, <c>request.slot</c>, <c>view:feature</c>.</summary>
    Name = 4,

    /// <summary>An operator or a function with its arguments.</summary>
    Call = 5,
}
