using System.Globalization;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Numerics.Statistics;

namespace Tandem.Training.Leaks;

/// <summary>Looks for ways in which a training set knows what it is to predict.</summary>
/// <remarks>Deterministic. O(features · rows log rows).</remarks>
public static class LeakCheck
{
    /// <summary>Rows of each class that a feature needs before it can be suspected of predicting alone.</summary>
    public const int MinimumRowsAClass = 30;

    private const int ExampleCount = 3;

    // A float holds seconds since 1970 to 64 s; a later moment must be later than that can explain.
    private const double MomentStep = 128;

    /// <summary>Checks a set.</summary>
    /// <param name="labelled">The set, with the moments of its labels.</param>
    /// <param name="features">Its features.</param>
    /// <param name="mostAlone">A feature whose area under the curve is above this for certain, at the lower end of its
    /// 99 % interval and in either direction, predicts too well alone; 0.5 to 1.</param>
    /// <returns>What was found, errors first, then in the order of the columns.</returns>
    public static IReadOnlyList<LeakFinding> Find(LabelledSet labelled, FeatureSet features, double mostAlone)
    {
        ArgumentNullException.ThrowIfNull(labelled);
        ArgumentNullException.ThrowIfNull(features);
        List<LeakFinding> found = [];
        AddNewerRows(labelled, found);
        AddNewerValues(labelled, features, found);
        AddAlone(labelled.Set, mostAlone, found);
        AddOwnLabels(labelled.Set, found);
        AddDuplicates(labelled, found);
        AddOutOfOrder(labelled.Set, found);
        return [.. found.OrderByDescending(static finding => finding.IsError)];
    }

    private static void AddNewerRows(LabelledSet labelled, List<LeakFinding> found)
    {
        TrainingSet set = labelled.Set;
        List<int> rows = [];
        for (int row = 0; row < labelled.LabelTimes.Count; row++)
        {
            if (labelled.LabelTimes[row] < set.Spine.Times[row])
            {
                rows.Add(row);
            }
        }

        if (rows.Count > 0)
        {
            found.Add(new LeakFinding(
                LeakKind.NewerThanLabel, true, null,
                Invariant($"{rows.Count:N0} of {set.RowCount:N0} rows have their features as of a moment after their label happened"),
                Examples(set, rows, row => $"label of {Moment(labelled.LabelTimes[row])}"),
                "Take each row as of the moment of its impression, not of its outcome."));
        }
    }

    private static void AddNewerValues(LabelledSet labelled, FeatureSet features, List<LeakFinding> found)
    {
        TrainingSet set = labelled.Set;
        if (labelled.LabelTimes.Count == 0)
        {
            return;
        }

        for (int column = 0; column < set.FeatureCount; column++)
        {
            if (!features.GivesMoments(column))
            {
                continue;
            }

            List<int> rows = [];
            for (int row = 0; row < set.RowCount; row++)
            {
                if (labelled.LabelTimes[row] != long.MaxValue
                    && set.Row(row)[column] > (labelled.LabelTimes[row] / 1e6) + MomentStep)
                {
                    rows.Add(row);
                }
            }

            if (rows.Count > 0)
            {
                int at = column;
                found.Add(new LeakFinding(
                    LeakKind.NewerThanLabel, false, set.Description.Features[column],
                    Invariant($"in {rows.Count:N0} of {set.RowCount:N0} rows its value is a moment after the label happened"),
                    Examples(set, rows, row => $"value {Moment((long)(set.Row(row)[at] * 1e6))}, label of {Moment(labelled.LabelTimes[row])}"),
                    "Leave the column out unless it was planned beforehand, such as an expiry: when something ended is an outcome."));
            }
        }
    }

    /// <summary>How well a column alone tells the classes apart, where that is too well to be honest; else null.</summary>
    internal static AreaUnderCurve? TooGoodAlone(ReadOnlySpan<float> values, bool[] labels, double mostAlone) =>
        AreaUnderCurve.Of(values, labels) is { } area
        && Math.Min(area.Positives, area.Negatives) >= MinimumRowsAClass
        && Math.Max(area.Low, 1 - area.High) > mostAlone
            ? area
            : null;

    private static void AddAlone(TrainingSet set, double mostAlone, List<LeakFinding> found)
    {
        if (set.Spine.Labels.Length == 0)
        {
            return;
        }

        bool[] labels = [.. set.Spine.Labels.Select(static label => label > 0)];
        for (int column = 0; column < set.FeatureCount; column++)
        {
            if (TooGoodAlone(set.Column(column), labels, mostAlone) is not { } area)
            {
                continue;
            }

            int at = column;
            found.Add(new LeakFinding(
                LeakKind.PredictsAlone, true, set.Description.Features[column],
                Invariant($"alone it tells {area.Positives:N0} positives from {area.Negatives:N0} negatives with an area under the curve of {area.Value:F3} (99 % interval {area.Low:F3} to {area.High:F3}; most allowed {mostAlone:0.###})"),
                Examples(
                    set, [Array.IndexOf(labels, true), Array.IndexOf(labels, false)],
                    row => Invariant($"label {set.Spine.Labels[row]:R}, value {set.Row(row)[at]:R}")),
                "Look at where the column comes from: is it written by the outcome? Leave it out; or, where it is honestly that good, raise training.most_alone."));
        }
    }

    private static void AddOwnLabels(TrainingSet set, List<LeakFinding> found)
    {
        int positives = set.Spine.Labels.Count(static label => label > 0);
        if (Math.Min(positives, set.Spine.Labels.Length - positives) < MinimumRowsAClass)
        {
            return;
        }

        for (int column = 0; column < set.FeatureCount; column++)
        {
            if (OwnLabels.Find(set, column) is { } own)
            {
                int at = column;
                found.Add(new LeakFinding(
                    LeakKind.OwnLabel, true, set.Description.Features[column],
                    Invariant($"it is the share of positives of the rows of its {own.Entity}, the row's own label among them: correlation {own.Own:F4}, against {own.Others:F4} with that of the other rows and {own.Earlier:F4} with that of the earlier ones"),
                    Examples(set, [own.Row], row => Invariant($"label {set.Spine.Labels[row]:R}, value {set.Row(row)[at]:R}")),
                    "Leave it out, and let the encoder 'target' make it: a row is then encoded from earlier labels alone."));
            }
        }
    }

    private static void AddDuplicates(LabelledSet labelled, List<LeakFinding> found)
    {
        TrainingSet set = labelled.Set;
        Dictionary<string, int> first = new(StringComparer.Ordinal);
        List<int> across = [];
        List<int> within = [];
        for (int row = 0; row < set.RowCount; row++)
        {
            int at = row;
            string key = Invariant($"{string.Join('\n', set.Spine.Ids.Select(ids => ids[at]))}\n{set.Spine.Times[row]}\n{(labelled.Requests.Count == 0 ? 0 : labelled.Requests[row])}");
            if (!first.TryAdd(key, row))
            {
                bool isSamePart = set.Spine.Parts.Length == 0
                    || set.Spine.Parts[row] == set.Spine.Parts[first[key]];
                (isSamePart ? within : across).Add(row);
            }
        }

        if (across.Count > 0)
        {
            found.Add(new LeakFinding(
                LeakKind.DuplicateRows, true, null,
                Invariant($"{across.Count:N0} of {set.RowCount:N0} rows stand in two parts of the split: the same ids, moment and request"),
                Examples(set, across, row => $"part {set.Spine.Parts[row]}"),
                "Split by time, or give all rows of one event the same part."));
        }

        if (within.Count > 0)
        {
            found.Add(new LeakFinding(
                LeakKind.DuplicateRows, false, null,
                Invariant($"{within.Count:N0} of {set.RowCount:N0} rows stand twice in the set: the same ids, moment and request"),
                Examples(set, within, static _ => "again"),
                "Send each impression once, with an id of its own; what is sent twice under one id is one event."));
        }
    }

    private static void AddOutOfOrder(TrainingSet set, List<LeakFinding> found)
    {
        string[] parts = set.Spine.Parts;
        long firstTest = long.MaxValue;
        for (int row = 0; row < parts.Length; row++)
        {
            firstTest = parts[row] == LabelledSet.TestPart ? Math.Min(firstTest, set.Spine.Times[row]) : firstTest;
        }

        List<int> late = [];
        for (int row = 0; row < parts.Length; row++)
        {
            if (parts[row] == LabelledSet.TrainPart && set.Spine.Times[row] >= firstTest)
            {
                late.Add(row);
            }
        }

        if (late.Count > 0)
        {
            found.Add(new LeakFinding(
                LeakKind.PartsOutOfOrder, true, null,
                Invariant($"{late.Count:N0} rows to learn from are not before the first row to judge on, of {Moment(firstTest)}"),
                Examples(set, late, static _ => "part train"),
                "Split by time: what a model is judged on must be later than all it learned from."));
        }
    }

    private static string[] Examples(TrainingSet set, IReadOnlyList<int> rows, Func<int, string> words) =>
    [
        .. rows.Take(ExampleCount).Select(row => Invariant(
            $"row {row}: {string.Join(' ', set.Spine.Entities.Select((entity, e) => $"{entity}={set.Spine.Ids[e][row]}"))} at {Moment(set.Spine.Times[row])}, {words(row)}")),
    ];

    private static string Moment(long micros) =>
        LakeTime.FromMicros(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
