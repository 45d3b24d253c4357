namespace Tandem.Learning.Affinity;

/// <summary>Settings of <see cref="AffinityModel"/>.</summary>
public sealed record AffinityOptions
{
    /// <summary>Days in which a row's weight in an item's appeal halves; 0 is never; default 2.</summary>
    public double HalfLifeDays { get; init; } = 2;

    /// <summary>Days in which an action's weight in the user's liking of its group halves; 0 is never; default 3.</summary>
    public double UserHalfLifeDays { get; init; } = 3;

    /// <summary>Actions that everybody's liking of the groups counts for beside the user's own, above 0; default 2.</summary>
    public double Smoothing { get; init; } = 2;

    /// <summary>Impressions that the group's rate counts for beside an item's own, above 0; default 8. Where impressions
    /// are not known: rows that every item counts for beside its own.</summary>
    public double ItemSmoothing { get; init; } = 8;
}
