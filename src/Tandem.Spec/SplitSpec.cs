namespace Tandem.Spec;

/// <summary>How rows are divided into what models see and what judges them.</summary>
public sealed record SplitSpec
{
    /// <summary><c>leave-last-out</c>, <c>time</c> or <c>files</c>.</summary>
    public string By { get; init; } = "leave-last-out";

    /// <summary>For <c>time</c>: length of the test window at the end.</summary>
    public TimeSpan Test { get; init; } = TimeSpan.FromDays(1);

    /// <summary>For <c>time</c>: rows between the two windows that nobody sees.</summary>
    public TimeSpan Gap { get; init; } = TimeSpan.Zero;
}
