namespace Tandem.Learning.UserUser;

/// <summary>Settings of <see cref="UserUserTrainer"/> and of its model's queries.</summary>
public sealed record UserUserOptions
{
    /// <summary>Most similar users that are asked, ≥ 1, default 200.</summary>
    public int Neighbours { get; init; } = 200;

    /// <summary>Items in common at which likeness counts half, ≥ 0, default 2: a user who shares one item is less
    /// certain a neighbour than one who shares ten.</summary>
    public double Shrinkage { get; init; } = 2;
}
