namespace Tandem.Features;

/// <summary>What a training set is, in figures.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Description">What it was made of.</param>
/// <param name="LabelRate">Share of rows whose label is above 0, or null where it has no labels.</param>
/// <param name="Parts">Rows of each part, by name; empty where it is not divided.</param>
/// <param name="First">Moment of the earliest row; null without rows.</param>
/// <param name="Last">Moment of the latest row.</param>
/// <param name="Columns">Figures of each feature, in order.</param>
public sealed record TrainingSetSummary(
    string Hash, TrainingSetDescription Description, double? LabelRate, IReadOnlyDictionary<string, int> Parts,
    DateTimeOffset? First, DateTimeOffset? Last, IReadOnlyList<ColumnSummary> Columns)
{
    /// <summary>Summarises a set. O(features · rows log rows).</summary>
    /// <param name="set">The set.</param>
    public static TrainingSetSummary Of(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Spine spine = set.Spine;
        return new TrainingSetSummary(
            set.Hash, set.Description,
            spine.Labels.Length == 0 ? null : spine.Labels.Count(static label => label > 0) / (double)spine.Count,
            spine.Parts.CountBy(static part => part, StringComparer.Ordinal)
                .OrderBy(static pair => pair.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            spine.Count == 0 ? null : Evaluation.Micros.Moment(spine.Times.Min()),
            spine.Count == 0 ? null : Evaluation.Micros.Moment(spine.Times.Max()),
            [.. set.Description.Features.Select((name, column) => ColumnSummary.Of(name, set.Column(column)))]);
    }
}
