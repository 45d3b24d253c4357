using System.Globalization;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Looks up the state of a table as of each row of a spine, by the lake's as-of join. It finds what
/// <see cref="EventSeries"/> would: the newest row by event time, known time and place in the log that had happened and
/// was known, and is not too old.</summary>
internal static class TableJoin
{
    /// <summary>True where every feature is the last value of a column of a table, over all time.</summary>
    public static bool Fits(SeriesPlan plan, IReadOnlyList<(FeaturePlan Plan, AnswerColumn Column)> wanted) =>
        wanted.Count > 0 && plan is { IncludesNow: true, Pair: null } && plan.Shape.HasTimes && plan.EntityColumn >= 0
        && wanted.All(w => w.Plan is { Operation: FeatureOperation.LastNumber, WindowMicros: 0 }
            && plan.Shape.Columns[plan.Numbers[w.Plan.Slot]].IsStored)
        && plan.Where.All(condition => plan.Find(condition.Column) is { IsStored: true });

    /// <summary>Fills the columns of features that share a maximum age.</summary>
    public static void Run(
        LakeSnapshot snapshot, SeriesPlan plan, Spine spine, IReadOnlyList<(FeaturePlan Plan, AnswerColumn Column)> wanted,
        CancellationToken cancellationToken)
    {
        LakeSpine keys = Keys(plan, spine);
        foreach (IGrouping<long, (FeaturePlan Plan, AnswerColumn Column)> group in wanted.GroupBy(w => w.Plan.MaximumAgeMicros))
        {
            (FeaturePlan Plan, AnswerColumn Column)[] features = [.. group];
            SourceColumn[] columns = [.. features.Select(f => plan.Shape.Columns[plan.Numbers[f.Plan.Slot]])];
            var join = new LakeAsOfJoin
            {
                Table = plan.Shape.Name,
                Keys = [plan.Entity],
                Columns = [.. columns.Select(c => c.Name).Distinct(StringComparer.Ordinal)],
                TimeToLive = group.Key == 0 ? null : TimeSpan.FromMicroseconds(group.Key),
                Where = [.. plan.Where.Select(c => Filter(plan, c))],
            };
            using LakeReader reader = snapshot.JoinAsOf(keys, join, cancellationToken);
            int[] places = [.. columns.Select(c => reader.IndexOf(c.Name))];
            while (reader.Read())
            {
                ReadOnlySpan<long> rows = reader.Wholes(0);
                for (int i = 0; i < rows.Length; i++)
                {
                    for (int f = 0; f < features.Length; f++)
                    {
                        features[f].Column.Set(
                            (int)rows[i], LakeRows.Number(reader, columns[f].Type, places[f], i));
                    }
                }
            }
        }
    }

    private static LakeSpine Keys(SeriesPlan plan, Spine spine)
    {
        string[] ids = spine.IdsOf(plan.Entity);
        var keys = new LakeSpine();
        for (int row = 0; row < ids.Length; row++)
        {
            keys.Add(spine.Times[row], ids[row]);
        }

        return keys;
    }

    private static LakeFilter Filter(SeriesPlan plan, ConditionSpec condition)
    {
        ColumnType type = plan.Find(condition.Column)!.Type;
        object value = type == ColumnType.Time
            ? DateTimeOffset.Parse(
                (string)condition.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : condition.Value;
        return LakeFilter.Of(condition.Column, condition.Operator, value);
    }
}
