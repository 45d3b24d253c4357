using Tandem.Learning.Catalogue;

namespace Tandem.Learning.UserUser;

/// <summary>The catalogue entry of neighbours of users.</summary>
internal static class UserUserKind
{
    private static readonly UserUserOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        UserUserModel.KindName,
        "What the users most like this one chose; found when asked, so a new event counts at once.",
        needsTimes: false,
        [
            new("neighbours", Defaults.Neighbours, 1, 1_000_000, IsWhole: true, "Most similar users that are asked."),
            new("shrinkage", Defaults.Shrinkage, 0, 1_000_000, IsWhole: false,
                "Items in common at which likeness counts half."),
        ],
        (values, rows, context, cancellationToken) => UserUserTrainer.Fit(
            rows,
            new UserUserOptions
            {
                Neighbours = values.Whole("neighbours"),
                Shrinkage = values.Number("shrinkage"),
            },
            context,
            cancellationToken),
        UserUserModel.Load);
}
