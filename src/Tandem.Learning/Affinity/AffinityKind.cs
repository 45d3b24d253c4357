using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Affinity;

/// <summary>The catalogue entry.</summary>
internal static class AffinityKind
{
    private static readonly AffinityOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        AffinityModel.KindName,
        "What people choose lately, by the groups of items that the user likes lately.",
        needsTimes: true,
        [
            new("half_life_days", Defaults.HalfLifeDays, 0, 36500, IsWhole: false,
                "Days in which a row's weight in an item's appeal halves; 0 is never."),
            new("user_half_life_days", Defaults.UserHalfLifeDays, 0, 36500, IsWhole: false,
                "Days in which an action's weight in the user's liking of its group halves; 0 is never."),
            new("smoothing", Defaults.Smoothing, 1e-6, 1e6, IsWhole: false,
                "Actions that everybody's liking of the groups counts for."),
            new("item_smoothing", Defaults.ItemSmoothing, 1e-6, 1e6, IsWhole: false,
                "Impressions that the group's rate counts for beside an item's own."),
        ],
        (values, rows, _, cancellationToken) => AffinityTrainer.Fit(
            rows,
            new AffinityOptions
            {
                HalfLifeDays = values.Number("half_life_days"),
                UserHalfLifeDays = values.Number("user_half_life_days"),
                Smoothing = values.Number("smoothing"),
                ItemSmoothing = values.Number("item_smoothing"),
            },
            cancellationToken),
        AffinityModel.Load);
}
