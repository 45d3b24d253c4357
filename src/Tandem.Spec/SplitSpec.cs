namespace Tandem.Spec;

/// <summary>How rows are divided into what models see and what judges them.</summary>
public sealed record SplitSpec
{
    /// <summary>Judges each user by the last choice.</summary>
    public const string LeaveLastOut = "leave-last-out";

    /// <summary>The newest rows judge.</summary>
    public const string Time = "time";

    /// <summary>A file of their own judges.</summary>
    public const string Files = "files";

    /// <summary>Rows drawn at random judge, of each class as many as its share.</summary>
    public const string Random = "random";

    /// <summary>Whole groups drawn at random judge.</summary>
    public const string Groups = "groups";

    /// <summary><c>leave-last-out</c>, <c>time</c> or <c>files</c>; where each row is an example <c>random</c>,
    /// <c>groups</c>, <c>time</c> or <c>files</c>.</summary>
    public string By { get; init; } = LeaveLastOut;

    /// <summary>For <c>time</c>: length of the test window at the end.</summary>
    public TimeSpan Test { get; init; } = TimeSpan.FromDays(1);

    /// <summary>For <c>time</c>: rows between the two windows that nobody sees.</summary>
    public TimeSpan Gap { get; init; } = TimeSpan.Zero;

    /// <summary>Share of the rows that judge, for <c>random</c>, <c>groups</c>, and <c>time</c> in place of a window; null for
    /// 0.2, or the window.</summary>
    public double? Share { get; init; }

    /// <summary>For <c>random</c> and <c>groups</c>: parts that judge in turn, so that each row does once; null for one part,
    /// or, by groups without a share, 5.</summary>
    public int? Folds { get; init; }

    /// <summary>For <c>random</c> and <c>groups</c>: how often rows are drawn anew, 1 to 100.</summary>
    public int Repeats { get; init; } = 1;
}
