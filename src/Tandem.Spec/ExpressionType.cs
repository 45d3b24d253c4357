namespace Tandem.Spec;

/// <summary>What the value of an expression is, where it is not null.</summary>
public enum ExpressionType
{
    /// <summary>Always null; fits wherever another type does.</summary>
    Nothing = 0,

    /// <summary>A finite number.</summary>
    Number = 1,

    /// <summary>True or false.</summary>
    Flag = 2,

    /// <summary>A text.</summary>
    Text = 3,

    /// <summary>A moment, UTC.</summary>
    Time = 4,
}
