using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Popularity;

/// <summary>The catalogue entries of popularity.</summary>
internal static class PopularKinds
{
    public static ModelKind AllTime { get; } = KindDefinition.Create(
        "popular",
        "What most chose, over all time; the baseline that everything must beat.",
        needsTimes: false,
        [],
        (_, rows, _, _) => PopularTrainer.Fit(rows, new PopularOptions(), "popular"),
        source => PopularModel.Load(source, "popular"));

    public static ModelKind Windowed { get; } = KindDefinition.Create(
        "popular_windowed",
        "What most chose lately.",
        needsTimes: true,
        [
            new("window_days", 7, 0, 36500, IsWhole: false, "Days back that count; 0 is all."),
            new("half_life_days", 0, 0, 36500, IsWhole: false, "Days in which a row's weight halves; 0 is never."),
        ],
        (values, rows, _, _) => PopularTrainer.Fit(
            rows,
            new PopularOptions
            {
                WindowDays = values.Number("window_days"),
                HalfLifeDays = values.Number("half_life_days"),
            },
            "popular_windowed"),
        source => PopularModel.Load(source, "popular_windowed"));
}
