using System.Diagnostics;

namespace Tandem.Spec;

/// <summary>How messages name what the design's types say.</summary>
internal static partial class SpecErrors
{
    private static string Judged(MetricFamily family) => family switch
    {
        MetricFamily.Ranking => "ordered lists",
        MetricFamily.Classification => "probabilities of classes",
        MetricFamily.Regression => "predicted numbers",
        MetricFamily.Uplift => "the effect of actions",
        _ => throw new UnreachableException(),
    };

    private static string Said(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Whole => "a whole number",
        ColumnType.Number => "a number",
        ColumnType.Flag => "a flag",
        ColumnType.Time => "a time",
        ColumnType.NumberList => "a list of numbers",
        ColumnType.TextList => "a list of texts",
        _ => throw new UnreachableException(),
    };

    private static string Lower(string meaning) =>
        meaning.Length > 1 && char.IsLower(meaning[1]) ? char.ToLowerInvariant(meaning[0]) + meaning[1..] : meaning;
}
